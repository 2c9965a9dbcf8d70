//! What is known of the methods of the context by their names.

/// Its public methods but `put`. They put nothing, and give the context to nothing else.
const OTHERS: &[&str] = &["attempt", "emit", "ending", "execution_id", "stop"];

/// Whether the method gives the context to nothing else.
pub(super) fn keeps(method: &str) -> bool {
    method == "put" || puts_nothing(method)
}

/// Whether the method puts nothing and gives the context to nothing else.
pub(super) fn puts_nothing(method: &str) -> bool {
    OTHERS.contains(&method)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use syn::{Attribute, ImplItem, Item, Type, Visibility};

    /// A method of `Cx` that is missing here would count as passing the context on.
    #[test]
    fn the_methods_are_those_of_the_context() {
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../flow-core/src");
        let Ok(text) = std::fs::read_to_string(core.join("handler/mod.rs")) else {
            // In the package of this crate alone.
            return;
        };
        let mut methods = Vec::new();
        for item in syn::parse_file(&text).unwrap().items {
            let Item::Impl(item) = item else { continue };
            let is_of_cx = match &*item.self_ty {
                Type::Path(ty) => ty.path.segments.last().unwrap().ident == "Cx",
                _ => false,
            };
            if !is_of_cx || item.trait_.is_some() {
                continue;
            }
            methods.extend(item.items.into_iter().filter_map(|item| match item {
                ImplItem::Fn(method) => {
                    let is_public = matches!(method.vis, Visibility::Public(_));
                    let is_shown = !method.attrs.iter().any(is_hidden);
                    (is_public && is_shown).then(|| method.sig.ident.to_string())
                }
                _ => None,
            }));
        }
        methods.sort_unstable();
        let mut known = [super::OTHERS, &["put"]].concat();
        known.sort_unstable();
        assert_eq!(known, methods);
    }

    fn is_hidden(attribute: &Attribute) -> bool {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|word| word == "hidden")
    }
}
