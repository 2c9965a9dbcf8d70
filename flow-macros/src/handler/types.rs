//! Types that a handler can neither take nor return, and what takes their place.

use syn::punctuated::Punctuated;
use syn::{GenericArgument, GenericParam, Lifetime, PathArguments, Type, TypePath, parse_quote};

/// The type that owns what this one borrows, if it borrows anything for less than `'static`.
pub(super) fn owned(ty: &Type) -> Option<Type> {
    replaced(ty, &|ty| match ty {
        Type::Reference(reference) if !is_static(reference.lifetime.as_ref()) => {
            let elem = &reference.elem;
            Some(sized(elem).unwrap_or_else(|| owned(elem).unwrap_or_else(|| (**elem).clone())))
        }
        Type::Path(path) if path.qself.is_none() => {
            let longer = longer(path)?;
            let last = longer.path.segments.last()?;
            let PathArguments::AngleBracketed(args) = &last.arguments else {
                return None;
            };
            let text = args.args.iter().find_map(|arg| match arg {
                GenericArgument::Type(ty) if last.ident == "Cow" => {
                    Some(sized(ty).unwrap_or_else(|| ty.clone()))
                }
                _ => None,
            });
            let longer = Type::Path(longer.clone());
            Some(text.unwrap_or_else(|| replaced_within(&longer, &owned).unwrap_or(longer)))
        }
        _ => None,
    })
}

/// The type for values whose size is not known, if it is one of these.
pub(super) fn sized(ty: &Type) -> Option<Type> {
    match ty {
        Type::Slice(slice) => {
            let elem = owned(&slice.elem).unwrap_or_else(|| (*slice.elem).clone());
            Some(parse_quote!(Vec<#elem>))
        }
        Type::Path(path) if path.path.is_ident("str") => Some(parse_quote!(String)),
        Type::TraitObject(object) if object.dyn_token.is_some() => Some(parse_quote!(Res<#object>)),
        _ => None,
    }
}

/// The type with `()` in place of `!`, if that is within it.
pub(super) fn without_never(ty: &Type) -> Option<Type> {
    replaced(ty, &|ty| {
        matches!(ty, Type::Never(_)).then(|| parse_quote!(()))
    })
}

/// A returned type that no lifetime of the signature limits.
pub(super) fn lasting(ty: &Type) -> Option<Type> {
    replaced(ty, &|ty| match ty {
        Type::Never(_) => Some(parse_quote!(::flow_core::__private::Never<()>)),
        Type::Reference(reference) if !is_static(reference.lifetime.as_ref()) => {
            let mut reference = reference.clone();
            reference.lifetime = Some(parse_quote!('static));
            *reference.elem = lasting(&reference.elem).unwrap_or(*reference.elem);
            Some(Type::Reference(reference))
        }
        Type::Path(path) => {
            let longer = Type::Path(longer(path)?);
            Some(replaced_within(&longer, &lasting).unwrap_or(longer))
        }
        ty => sized(ty),
    })
}

/// The path with `'static` for its lifetimes, if they are others.
fn longer(path: &TypePath) -> Option<TypePath> {
    let mut path = path.clone();
    let mut is_other = false;
    for segment in &mut path.path.segments {
        let PathArguments::AngleBracketed(args) = &mut segment.arguments else {
            continue;
        };
        for arg in &mut args.args {
            if let GenericArgument::Lifetime(lifetime) = arg
                && !is_static(Some(lifetime))
            {
                *arg = GenericArgument::Lifetime(parse_quote!('static));
                is_other = true;
            }
        }
    }
    is_other.then_some(path)
}

/// The type with the outermost parts replaced for which there is something else. What a function
/// or a trait takes in it is left alone.
fn replaced(ty: &Type, other: &impl Fn(&Type) -> Option<Type>) -> Option<Type> {
    other(ty).or_else(|| replaced_within(ty, &|ty| replaced(ty, other)))
}

fn replaced_within(ty: &Type, other: &dyn Fn(&Type) -> Option<Type>) -> Option<Type> {
    let mut ty = ty.clone();
    let mut is_other = false;
    let mut replace = |part: &mut Type| {
        if let Some(other) = other(part) {
            *part = other;
            is_other = true;
        }
    };
    match &mut ty {
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(args) = &mut segment.arguments else {
                    continue;
                };
                for arg in &mut args.args {
                    if let GenericArgument::Type(part) = arg {
                        replace(part);
                    }
                }
            }
        }
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(replace),
        Type::Array(array) => replace(&mut array.elem),
        Type::Slice(slice) => replace(&mut slice.elem),
        Type::Paren(inner) => replace(&mut inner.elem),
        Type::Group(inner) => replace(&mut inner.elem),
        Type::Reference(reference) => replace(&mut reference.elem),
        _ => {}
    }
    is_other.then_some(ty)
}

/// Whether the type is one of these or has one in it.
pub(super) fn holds(ty: &Type, is_one: &impl Fn(&Type) -> bool) -> bool {
    replaced(ty, &|ty| is_one(ty).then(|| ty.clone())).is_some()
}

/// Whether the parameters are lifetimes alone.
pub(super) fn are_lifetimes<P>(params: &Punctuated<GenericParam, P>) -> bool {
    let mut params = params.iter();
    params.all(|param| matches!(param, GenericParam::Lifetime(_)))
}

fn is_static(lifetime: Option<&Lifetime>) -> bool {
    lifetime.is_some_and(|lifetime| lifetime.ident == "static")
}

#[cfg(test)]
mod tests {
    use syn::Type;

    use super::{owned, sized, without_never};
    use crate::written::spaced;

    fn with(replaced: fn(&Type) -> Option<Type>, ty: &str) -> Option<String> {
        replaced(&syn::parse_str(ty).unwrap()).map(|ty| spaced(&ty))
    }

    #[test]
    fn what_is_borrowed_has_an_owner() {
        for (borrowed, owner) in [
            ("&str", "String"),
            ("&'a mut [u8]", "Vec<u8>"),
            ("Option<&str>", "Option<String>"),
            ("Vec<(u8, &Order)>", "Vec<(u8, Order)>"),
            ("std::borrow::Cow<'_, str>", "String"),
            ("Cow<'a, [&str]>", "Vec<String>"),
            ("Token<'_>", "Token<'static>"),
            ("Result<&[Option<&str>]>", "Result<Vec<Option<String>>>"),
            ("&&str", "String"),
            ("&dyn Llm", "Res<dyn Llm>"),
        ] {
            assert_eq!(with(owned, borrowed).as_deref(), Some(owner), "{borrowed}");
        }
        for ty in [
            "String",
            "&'static str",
            "Cow<'static, str>",
            "Option<&'static [u8]>",
            "fn(&str) -> &str",
            "Box<dyn Fn(&str) -> bool + Send>",
            "Box<dyn for<'a> Parse<'a>>",
            "[u8; 4]",
            "Vec<Order>",
        ] {
            assert_eq!(with(owned, ty), None, "{ty}");
        }
    }

    #[test]
    fn a_type_without_a_size_has_one_with() {
        assert_eq!(with(sized, "str").as_deref(), Some("String"));
        assert_eq!(with(sized, "[&str]").as_deref(), Some("Vec<String>"));
        assert_eq!(with(sized, "dyn Llm").as_deref(), Some("Res<dyn Llm>"));
        assert_eq!(with(sized, "String"), None);
    }

    #[test]
    fn a_never_within_a_type_becomes_nothing() {
        assert_eq!(
            with(without_never, "Result<!>").as_deref(),
            Some("Result<()>")
        );
        assert_eq!(with(without_never, "Result<fn() -> !>"), None);
    }
}
