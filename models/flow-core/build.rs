//! Chooses the model checker.

fn main() {
    let checker = if cfg!(feature = "loom") {
        "loom"
    } else {
        "shuttle"
    };
    println!("cargo::rustc-cfg=flow_model");
    println!("cargo::rustc-cfg=flow_model=\"{checker}\"");
    println!("cargo::rustc-check-cfg=cfg(flow_model, values(none(), \"loom\", \"shuttle\"))");
    println!("cargo::rustc-check-cfg=cfg(docsrs)");
}
