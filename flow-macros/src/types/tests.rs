use proc_macro2::Span;
use syn::Ident;

use crate::types::file::scan;
use crate::types::parsed::{Parsed, Reporter};

#[test]
fn the_scan_tells_types_with_the_derive_from_others() {
    let found = scan(
        "#[derive(Event)] struct Tick;
        #[derive(Clone, Event)]
        #[event(answer = bool)]
        pub struct Approve(u32);
        #[derive(Clone)] enum Draft { A }
        struct Other;",
    );
    assert_eq!(found.get("Tick"), Some(&true));
    assert_eq!(found.get("Approve"), Some(&true));
    assert_eq!(found.get("Draft"), Some(&false));
    assert_eq!(found.get("Other"), Some(&false));
}

#[test]
fn a_type_is_no_event_only_without_any_doubt() {
    let parsed = Parsed::new(
        "use elsewhere::Imported; use elsewhere::Thing as Renamed;
        mod within { use super::Inner; }
        #[derive(Clone, Debug)] struct Plain; enum Choice { A } struct Inner;
        #[derive(Event)] struct Derived; #[derive(Magic)] struct Magical;
        #[cfg(test)] struct Conditional; #[traced] struct Attributed;
        struct Imported; struct Renamed; struct ByHand; impl flow_core::Event for ByHand {}
        struct Twice; mod inner { pub struct Twice; pub struct Deep; } struct Made; event! { Made }
        use inner::Deep; mod other { use far::Far; pub struct Far; } use other::Far;
        struct Generic<T>(T);
        fn main() { println!(\"{:?}\", Plain); flow! { start -> a; when Choice -> b } }",
    );
    for plain in ["Plain", "Choice", "Inner", "Deep"] {
        assert!(parsed.is_plain(plain), "{plain}");
    }
    for other in [
        "Derived",
        "Magical",
        "Conditional",
        "Attributed",
        "Imported",
        "Renamed",
        "ByHand",
        "Twice",
        "Made",
        "Generic",
        "Far",
        "Nowhere",
    ] {
        assert!(!parsed.is_plain(other), "{other}");
    }
    assert!(!Parsed::new("use elsewhere::*; struct Plain;").is_plain("Plain"));
    let all = "use inner::*; mod inner { pub struct Plain; }";
    assert!(Parsed::new(all).is_plain("Plain"));
    assert!(!Parsed::new(&format!("{all} use far::*;")).is_plain("Plain"));
    let elsewhere = "mod inner; use inner::Plain; struct Plain;";
    assert!(!Parsed::new(elsewhere).is_plain("Plain"));
}

#[test]
fn a_type_in_a_module_is_not_the_one_that_the_file_imports_from_around_it() {
    let inner = "mod dto { pub struct Order; pub mod deep { pub struct Paid; } }";
    for around in [
        "use super::*;",
        "use crate::*;",
        "use super::{Order, Paid};",
        "use crate::{Order, events::Paid};",
        "use self::events::{Order, Paid}; mod events;",
        "mod flows { use super::super::{Order, Paid}; }",
        "fn f() { use super::*; }",
    ] {
        let parsed = Parsed::new(&format!("{around} {inner}"));
        assert!(!parsed.is_plain("Order"), "{around}");
        assert!(!parsed.is_plain("Paid"), "{around}");
    }
    for own in [
        "",
        "use dto::Order;",
        "use self::dto::*;",
        "mod m { use super::*; }",
    ] {
        let parsed = Parsed::new(&format!("{own} {inner}"));
        assert!(parsed.is_plain("Order"), "{own}");
    }
    // A type of the file hides what `*` imports.
    assert!(Parsed::new("use super::*; struct Order;").is_plain("Order"));
}

#[test]
fn a_flow_captures_the_variables_before_it() {
    let parsed = Parsed::new(
        "fn f(parameter: u8) {
            let early = 1;
            {
                let gone = 1;
            }
            #[cfg(test)]
            let conditional = 1;
            if let Some(found) = x && let Ok((y, _)) = z {
                for step in 0..3 {
                    flow! { |n| early + parameter + found + y + step + format!(\"{text}\") };
                }
            }
            flow! { gone; conditional; late; both; |n| item };
            let late = |both: u8| flow! { both };
            fn item(n: u8) {
                flow! { |n| other(n) + early };
            }
            mod module {
                fn f() {
                    flow! { parameter_of_f };
                }
            }
            match x {
                Some(inner) if flow! { inner } => {}
                _ => {}
            }
        }",
    );
    for captured in ["early", "parameter", "found", "y", "step", "both", "inner"] {
        assert!(parsed.captured.contains(captured), "{captured}");
    }
    for other in [
        "gone",
        "conditional",
        "late",
        "both",
        "item",
        "other",
        "text",
        "format",
    ] {
        assert!(parsed.not_captured.contains(other), "{other}");
    }
}

#[test]
fn one_place_reports_an_event_that_several_name() {
    let parsed = Parsed::new(
        "#[cfg(test)] #[handler(on = B)] async fn conditional() {}
        #[handler(on = A, emits = [\"B\", C], streams = D)] async fn first() {}
        #[handler(on = B, emits = x::D)] async fn second() {}
        fn main() { let f = flow! { start -> a; when A -> b; external x::C; with C }; }
        #[cfg(test)] mod tests { fn f() { flow! { when B -> b } } }",
    );
    let reporter = |event, handler: Option<&str>| {
        let handler = handler.map(|name| Ident::new(name, Span::call_site()));
        parsed.reporter(event, handler.as_ref())
    };
    assert_eq!(reporter("A", None), Reporter::Flow);
    assert_eq!(reporter("A", Some("first")), Reporter::Flow);
    assert_eq!(reporter("B", Some("first")), Reporter::FirstHandler);
    assert_eq!(reporter("B", Some("second")), Reporter::AnotherPlace);
    assert_eq!(reporter("C", Some("first")), Reporter::FirstHandler);
    assert_eq!(reporter("D", Some("second")), Reporter::FirstHandler);
    assert_eq!(
        reporter("B", Some("made_by_a_macro")),
        Reporter::FirstHandler
    );
}
