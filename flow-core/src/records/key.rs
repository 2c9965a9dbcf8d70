//! The keys of the rows.

/// What the execution was started with.
pub(crate) const HEAD: &str = "execution";
/// How it has ended.
pub(crate) const OUTCOME: &str = "outcome";
/// Its rows were removed after its end.
pub(crate) const PURGED: &str = "purged";
/// How often it was loaded since it last got on.
pub(crate) const LOADS: &str = "loads";
/// It was asked to be cancelled.
pub(crate) const CANCELLED: &str = "cancelled";
/// The id of the next activation, if there is no activation with the one before it.
pub(crate) const NEXT: &str = "next";
/// The number of the next question.
pub(crate) const NEXT_QUESTION: &str = "next question";
/// How the execution ends at once.
pub(crate) const ENDING: &str = "ending";
/// The `finally` has begun.
pub(crate) const FINALLY: &str = "finally";
/// The value of `end`, while what is under way is finished.
pub(crate) const OUTPUT: &str = "output";
pub(crate) const ACTIVATIONS: &str = "activation/";
pub(crate) const CALLS: &str = "call/";
/// How the keys of rows of calls end that are not over.
pub(crate) const OF_BEGUN_CALLS: [char; 2] = ['!', '?'];
pub(crate) const ITEMS: &str = "item/";
/// What has happened.
pub(crate) const HISTORY: &str = "history/";
/// Those that are only read from where they end.
pub(crate) const LOGS: &[&str] = &[ITEMS, HISTORY];
pub(crate) const STATES: &str = "state/";
pub(crate) const TICKS: &str = "tick/";
pub(crate) const SENT: &str = "sent/";
pub(crate) const ANSWERS: &str = "answer/";
pub(crate) const QUESTIONS: &str = "question/";
/// When the reminders of questions tick next.
pub(crate) const REMINDERS: &str = "reminder/";

/// Numbers are written so that the keys are in their order.
pub(crate) fn activation(id: u64) -> String {
    numbered(ACTIVATIONS, id)
}

/// The begin of the keys of all calls of an activation.
pub(crate) fn calls_of(activation: u64) -> String {
    let mut key = numbered(CALLS, activation);
    key.push('/');
    key
}

pub(crate) fn item(position: u64) -> String {
    numbered(ITEMS, position)
}

pub(crate) fn history(position: u64) -> String {
    numbered(HISTORY, position)
}

pub(crate) fn state(name: &str) -> String {
    format!("{STATES}{name}")
}

pub(crate) fn tick(every: &str) -> String {
    format!("{TICKS}{every}")
}

pub(crate) fn sent(by: &str) -> String {
    format!("{SENT}{by}")
}

pub(crate) fn answer(number: u64) -> String {
    numbered(ANSWERS, number)
}

pub(crate) fn question(number: u64) -> String {
    numbered(QUESTIONS, number)
}

pub(crate) fn reminder(question: u64) -> String {
    numbered(REMINDERS, question)
}

/// The same as with `{number:016x}`, of which a step has several, in a fraction of the time.
fn numbered(prefix: &str, number: u64) -> String {
    let mut digits = [b'0'; 16];
    let mut rest = number;
    for place in digits.iter_mut().rev() {
        if rest == 0 {
            break;
        }
        let [.., digit] = (rest & 15).to_be_bytes();
        *place = digit + if digit < 10 { b'0' } else { b'a' - 10 };
        rest >>= 4;
    }
    // What follows in the key of a call has room as well.
    let mut key = String::with_capacity(prefix.len() + 2 * digits.len());
    key.push_str(prefix);
    key.push_str(str::from_utf8(&digits).unwrap_or_default());
    key
}

/// The number at the end of a key.
pub(crate) fn number(key: &str) -> Option<u64> {
    let (_, number) = key.rsplit_once('/')?;
    u64::from_str_radix(number, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn numbers_are_written_in_hexadecimal() {
        for number in [0, 1, 0x9abc_def0, u64::MAX] {
            assert_eq!(item(number), format!("item/{number:016x}"));
        }
    }
}
