mod review {
    use flow_core::Event;

    #[derive(Event)]
    #[event(answer = Verdict)]
    pub struct Review(pub String);

    pub(crate) struct Verdict;
}

fn main() {
    let _ = (review::Review(String::new()), review::Verdict);
}
