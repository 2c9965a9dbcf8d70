//! What the attribute alone can see of a handler's signature.

use quote::ToTokens;
use syn::{FnArg, Ident, Pat, Path, PathArguments, ReturnType, Type, TypePath, TypeReference};

use crate::errors::Errors;
use crate::handler::parse::{Args, Function};

/// What each parameter is, in their order.
pub(crate) enum Param {
    Event(Box<Type>),
    Cx,
    Resource(Box<Type>),
    State(Box<Type>),
}

/// Says what a handler must not be, and which parameter is which.
pub(crate) fn check(args: &Args, function: &Function, errors: &mut Errors) -> Vec<Param> {
    let sig = &function.sig;
    if sig.asyncness.is_none() {
        errors.at(
            &sig.fn_token,
            format!("a handler is an `async fn`: write `async fn {}`", sig.ident),
        );
    }
    if let Some(token) = &sig.constness {
        errors.at(token, "a handler is a plain `async fn`: take `const` away");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a handler is a plain `async fn`: take the ABI away");
    }
    if !matches!(sig.safety, syn::Safety::Default) {
        let safety = sig.safety.to_token_stream();
        errors.at(
            &sig.safety,
            format!("a handler is a plain `async fn`: take `{safety}` away"),
        );
    }
    if !sig.generics.params.is_empty() {
        errors.at(
            &sig.generics,
            "a handler cannot be generic: events and resources have types of their own",
        );
    }
    if let Some(clause) = &sig.generics.where_clause {
        errors.at(clause, "a handler cannot be generic: take the `where` away");
    }
    if let ReturnType::Type(_, ty) = &sig.output
        && let Type::ImplTrait(ty) = &**ty
    {
        errors.at(ty, "what a handler returns needs a name: write the type");
    }
    for paths in [&args.on, &args.emits].into_iter().flatten() {
        named_twice(paths, errors);
    }
    if function.has_no_body {
        errors.at(
            &sig.ident,
            format!("a handler has a body: `async fn {}(…) {{ … }}`", sig.ident),
        );
    }
    if let Some(retry) = &args.limits.retry
        && args.limits.timeout.is_none()
        && returns_nothing(&sig.output)
    {
        errors.at(
            &retry.key,
            format!(
                "`{0}` cannot fail, so there is nothing to retry: \
                 let it return a `Result`, or give it a `timeout`",
                sig.ident
            ),
        );
    }
    params(function, errors)
}

fn returns_nothing(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => {
            matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty())
        }
    }
}

fn named_twice(paths: &[Path], errors: &mut Errors) {
    for (i, path) in paths.iter().enumerate() {
        let text = path.to_token_stream().to_string();
        if paths
            .iter()
            .take(i)
            .any(|other| other.to_token_stream().to_string() == text)
        {
            errors.at(path, format!("`{text}` is named twice: once is enough"));
        }
    }
}

fn params(function: &Function, errors: &mut Errors) -> Vec<Param> {
    let mut params = Vec::new();
    for input in &function.sig.inputs {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                errors.at(
                    receiver,
                    "a handler is a function of its own, without `self`: \
                     what handlers share is a resource of the flow, `Res<T>`",
                );
                continue;
            }
        };
        let Some(param) = param(&typed.ty, errors) else {
            continue;
        };
        let is_second = |known: &Param| {
            let same = std::mem::discriminant(known) == std::mem::discriminant(&param);
            same && matches!(known, Param::Cx | Param::Event(_))
        };
        if !params.iter().any(is_second) {
            params.push(param);
        } else if let Param::Cx = param {
            errors.at(input, "a handler has one context: take this one away");
            params.push(param);
        } else {
            errors.at(
                input,
                "a handler takes one event, and this is the second: \
                 a shared value is a resource, `Res<T>`, or a state, `State<T>`",
            );
        }
    }
    if let Some(variadic) = &function.sig.variadic {
        errors.at(variadic, "a handler has no variable arguments");
    }
    params
}

/// What a parameter of this type is, unless it is none of those that a handler has.
fn param(ty: &Type, errors: &mut Errors) -> Option<Param> {
    match ty {
        Type::Reference(reference) if is_cx(&reference.elem) => {
            if reference.mutability.is_some() {
                errors.at(ty, "a handler's context is shared: write `&Cx`");
            }
            if reference.lifetime.is_some() {
                errors.at(&reference.lifetime, "write `&Cx`, without a lifetime");
            }
            Some(Param::Cx)
        }
        _ if is_cx(ty) => {
            errors.at(ty, "a handler borrows its context: write `&Cx`");
            None
        }
        Type::Reference(TypeReference { elem, .. }) if !is_static(ty) => {
            let elem = elem.to_token_stream();
            errors.at(
                ty,
                format!(
                    "a handler does not borrow: its event comes by value (`{elem}`), \
                     a resource as `Res<{elem}>`, its context as `&Cx`"
                ),
            );
            None
        }
        Type::ImplTrait(_) => {
            errors.at(ty, "what a handler takes needs a name: write the type");
            None
        }
        _ => Some(if let Some(resource) = wrapped("Res", ty) {
            Param::Resource(Box::new(resource.clone()))
        } else if let Some(state) = wrapped("State", ty) {
            Param::State(Box::new(state.clone()))
        } else {
            Param::Event(Box::new(ty.clone()))
        }),
    }
}

/// `&'static T`, which is a value like any other.
fn is_static(ty: &Type) -> bool {
    let Type::Reference(TypeReference {
        lifetime: Some(lifetime),
        mutability: None,
        ..
    }) = ty
    else {
        return false;
    };
    lifetime.ident == "static"
}

/// `Cx`, by whatever path.
pub(crate) fn is_cx(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        segment.ident == "Cx" && matches!(segment.arguments, PathArguments::None)
    })
}

/// `Cx` with arguments or without, by whatever path.
pub(crate) fn is_named_cx(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Cx")
}

/// The name of its context.
pub(crate) fn context(function: &Function) -> Option<Ident> {
    function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) => match (&*typed.pat, &*typed.ty) {
            (Pat::Ident(name), Type::Reference(ty)) if is_cx(&ty.elem) => Some(name.ident.clone()),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The `T` of `Res<T>` or `State<T>`, whichever `wrapper` names.
fn wrapped<'a>(wrapper: &str, ty: &'a Type) -> Option<&'a Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    match args.args.first()? {
        syn::GenericArgument::Type(ty) if args.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// The `Cause` of `Failed<Error, Cause>`, unless it is `()`.
pub(crate) fn cause(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Failed")?;
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    match args.args.get(1)? {
        syn::GenericArgument::Type(Type::Tuple(tuple)) if tuple.elems.is_empty() => None,
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(TypePath {
            qself: None, path, ..
        }) => path.segments.last(),
        _ => None,
    }
}
