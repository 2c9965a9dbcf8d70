// Handlers that imports rename, rescued by their own names and the other way round.
use flow_core::{BoxError, Failed, flow, handler};

mod jobs {
    use flow_core::{Result, handler};

    #[handler]
    pub async fn build(n: u32) -> Result<u32> {
        if n > 3 { Err("too many".into()) } else { Ok(n) }
    }

    #[handler]
    pub async fn test(n: u32) -> Result<u32> {
        if n > 2 { Err("it fails".into()) } else { Ok(n) }
    }
}

use jobs::{build as compile, test as check};

#[handler]
async fn report(failed: Failed<BoxError>) -> usize {
    failed.error.to_string().len()
}

#[handler]
async fn widen(n: u32) -> usize {
    n as usize
}

fn main() {
    let pipeline = flow! {
        start(u32) -> compile -> jobs::test -> widen -> end;
        rescue jobs::build -> report -> end;
        rescue check -> report -> end
    };
    let output = |n| pipeline.blocking_iter(n).output().unwrap();
    assert_eq!([output(1), output(3), output(4)], [1, 8, 8]);
}
