//! A handler that others see calls a macro that they do not see.

pub mod shop {
    use flow_core::{Cx, Event, Result, flow, handler};

    macro_rules! at_most {
        ($n:expr, $most:expr) => {
            if $n > $most {
                return Err("too many".into());
            }
        };
    }

    #[derive(Event)]
    pub struct Checked(pub u32);

    #[handler(emits = Checked)]
    pub async fn check(n: u32, cx: &Cx) -> Result<u32> {
        at_most!(n, 3);
        cx.emit(Checked(n));
        Ok(n)
    }

    #[handler]
    pub(crate) async fn halve(n: u32) -> Result<u32> {
        at_most!(n, 2);
        Ok(n / 2)
    }

    #[handler(on = Checked)]
    pub(super) async fn note(Checked(_): Checked) {}

    pub fn run() {
        let _ = flow! { start(u32) -> check -> halve -> end; when Checked -> note };
    }
}

fn main() {
    shop::run();
}
