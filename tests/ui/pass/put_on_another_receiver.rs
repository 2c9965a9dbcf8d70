// `put` is a method of many types: only that of the context streams, so these flows stream `u32`
// though their other handlers call methods of that name.

use flow_core::{Cx, Event, Res, flow, handler};

struct Bucket;

impl Bucket {
    fn put(&self, _key: &str) -> &Self {
        self
    }
}

fn open<T>(_: &T) -> Bucket {
    Bucket
}

#[derive(Event)]
struct Saved;

// `open` gets the context, so that the handler declares that nothing is put.
#[handler(emits = Saved, streams = !)]
async fn save(cx: &Cx, bucket: Res<Bucket>) {
    bucket.put("first").put("second");
    let other = open(cx);
    other.put("third");
    open(cx).put("fourth");
    cx.emit(Saved);
}

#[handler]
async fn without_context(bucket: Res<Bucket>) {
    bucket.put("fifth");
}

#[handler(on = Saved, streams = u32)]
async fn count(cx: &Cx) {
    cx.put(4_u32).await;
}

#[handler]
async fn by_a_clone(cx: &Cx) {
    let cx2 = cx.clone();
    cx2.put("a clone of the context streams").await;
}

fn main() {
    let counts = flow! {
        with Bucket;
        streams u32;
        start -> (save, without_context);
        when Saved -> count
    };
    let items: Result<Vec<_>, _> = counts.with(Bucket).blocking_iter(()).collect();
    assert_eq!(items.unwrap(), [4]);

    let words: Result<Vec<String>, _> = flow! { start -> by_a_clone }.blocking_iter(()).collect();
    assert_eq!(words.unwrap(), ["a clone of the context streams"]);
}
