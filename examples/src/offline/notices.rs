//! A notice that the model is told to write, and to write again.

use super::text::plain;

const ORDER: &str = "write a short notice about ";
const AGAIN: &str = "write it again, and mind this: ";

/// The notice, if the last that was said orders one; what was to be minded before is minded still.
pub(super) fn notice(before: &[String], last: &str) -> Option<String> {
    let mut minded: Vec<&str> = after(last, AGAIN).into_iter().collect();
    let mut topic = after(last, ORDER);
    for text in before.iter().rev() {
        if minded.is_empty() || topic.is_some() {
            break;
        }
        minded.extend(after(text, AGAIN));
        topic = after(text, ORDER);
    }
    let mut notice = format!("Dear all, this is about {}.", unpunctuated(topic?));
    let (shorter, others): (Vec<_>, Vec<_>) = minded
        .into_iter()
        .rev()
        .partition(|reason| plain(reason).contains(" short"));
    if shorter.is_empty() {
        notice.push_str(" It concerns every one of you, and you are all welcome.");
    }
    for reason in others {
        notice.push_str(" And, since it was asked for: ");
        notice.push_str(unpunctuated(reason));
        notice.push('.');
    }
    Some(notice)
}

/// What follows this beginning, in capital letters or small ones.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = text.trim().split_at_checked(beginning.len())?;
    let fits = head.eq_ignore_ascii_case(beginning) && !rest.trim().is_empty();
    fits.then(|| rest.trim())
}

fn unpunctuated(text: &str) -> &str {
    text.trim_end_matches(['.', '!', '?', ' '])
}

#[cfg(test)]
mod tests {
    fn notice(said: &[&str]) -> Option<String> {
        let (last, before) = said.split_last().unwrap();
        let before: Vec<_> = before.iter().map(|text| (*text).to_owned()).collect();
        super::notice(&before, last)
    }

    #[test]
    fn a_notice_is_about_its_topic() {
        let notice = notice(&["Write a short notice about the summer party."]).unwrap();
        assert!(
            notice.starts_with("Dear all, this is about the summer party. "),
            "{notice}"
        );
    }

    #[test]
    fn all_that_was_to_be_minded_is_minded_in_order() {
        let said = [
            "Hello!",
            "write a short notice about the summer party",
            "Write it again, and mind this: say where it is",
            "Write it again, and mind this: make it shorter!",
            "Write it again, and mind this: bring a cake.",
        ];
        assert_eq!(
            notice(&said).unwrap(),
            "Dear all, this is about the summer party. \
             And, since it was asked for: say where it is. \
             And, since it was asked for: bring a cake."
        );
    }

    #[test]
    fn a_new_order_forgets_the_one_before() {
        let said = [
            "Write a short notice about rain",
            "Write it again, and mind this: wind",
            "Write a short notice about snow",
        ];
        let notice = notice(&said).unwrap();
        assert!(
            notice.contains("snow") && !notice.contains("wind"),
            "{notice}"
        );
    }

    #[test]
    fn what_orders_none_is_left_to_others() {
        for said in [
            &["What is a notice?"][..],
            &["Write it again, and mind this: say where it is"],
            &["Write a short notice about "],
            &["Write a short notice about rain", "Thanks!"],
        ] {
            assert_eq!(notice(said), None, "{said:?}");
        }
    }
}
