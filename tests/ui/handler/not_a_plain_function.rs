// `unsafe`, `extern`, `where`, and a context of another kind.
use flow_core::{Cx, handler};

#[handler]
async unsafe fn first() {}

#[handler]
async extern "C" fn second() {}

#[handler]
async fn third()
where
    u8: Send,
{
}

#[handler]
async fn fourth(_cx: &Cx, _more: &Cx) {}

#[handler]
async fn fifth(_cx: &'static Cx) {}

#[handler]
async fn sixth();

fn main() {}
