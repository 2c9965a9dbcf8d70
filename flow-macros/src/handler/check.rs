//! The checks that need only the signature of a handler.

use quote::ToTokens;
use syn::visit::Visit;
use syn::{
    FnArg, GenericArgument, Ident, Pat, Path, PathArguments, ReturnType, Signature, Type,
    TypeImplTrait, TypeParamBound, TypePath, TypeReference,
};

use crate::elsewhere::underived;
use crate::errors::Errors;
use crate::handler::parse::{Args, Function};
use crate::handler::types::{are_lifetimes, holds, owned, sized, without_never};
use crate::types::parsed::Reporter;
use crate::types::{self, is_associated_in_a_flow, no_event};
use crate::written::{key, spaced};

/// The kind of a parameter.
pub(crate) enum Param {
    Event(Box<Type>),
    /// Its type decides whether it is the event, a resource or a state under another name.
    Unclear(Box<Type>),
    Cx,
    Resource(Box<Type>),
    State(Box<Type>),
}

/// The words that stand for something else where a route names a handler.
pub(crate) const RESERVED: &[&str] = &[
    "each", "emit", "end", "ignore", "skip", "Some", "None", "Ok", "Err",
];

/// Reports signatures that a handler cannot have, and returns the kinds of the parameters.
pub(crate) fn check(args: &Args, function: &Function, errors: &mut Errors) -> Vec<Param> {
    let sig = &function.sig;
    if sig.asyncness.is_none() {
        let name = &sig.ident;
        let advice = match future(&sig.output) {
            Some(value) => format!("write `async fn {name}(…) -> {}`", spaced(value)),
            None => "add `async`".to_owned(),
        };
        let message = format!("`{name}` is not an `async fn`: {advice}");
        errors.at(&sig.fn_token, message);
    }
    if let Some(token) = &sig.constness {
        errors.at(token, "a handler cannot be `const`: remove it");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a handler cannot have an ABI: remove it");
    }
    if !matches!(sig.safety, syn::Safety::Default) {
        let safety = sig.safety.to_token_stream();
        errors.at(
            &sig.safety,
            format!("a handler cannot be `{safety}`: remove it"),
        );
    }
    // A lifetime is there for a reference, which is reported itself.
    if !sig.generics.params.is_empty() && !only_borrow(sig) {
        errors.at(
            &sig.generics,
            "a handler cannot be generic: replace its parameters with concrete types",
        );
    }
    if let Some(clause) = &sig.generics.where_clause {
        errors.at(
            clause,
            "a handler cannot be generic: remove the `where` clause",
        );
    }
    if let ReturnType::Type(_, ty) = &sig.output
        && let Some(ty) = impl_trait(ty)
        && (sig.asyncness.is_some() || future(&sig.output).is_none())
    {
        errors.at(&ty, "a handler cannot return `impl Trait`: name the type");
    }
    returned(&sig.output, errors);
    let name = sig.ident.to_string();
    if RESERVED.contains(&name.as_str()) {
        errors.at(
            &sig.ident,
            format!(
                "`{name}` is a word of `flow!`, so no route leads to a handler of this name: \
                 rename it, or write `r#{name}` here and in flows"
            ),
        );
    }
    for paths in [&args.on, &args.emits].into_iter().flatten() {
        named_twice(paths, errors);
    }
    if function.has_no_body {
        errors.at(
            &sig.ident,
            format!(
                "`{0}` has no body: add one, `async fn {0}(…) {{ … }}`",
                sig.ident
            ),
        );
    }
    if let Some(retry) = &args.limits.retry
        && args.limits.timeout.is_none()
        && returns_nothing(&sig.output)
    {
        errors.at(
            &retry.key,
            format!(
                "`{0}` cannot fail, so `retry` has no effect: \
                 return a `Result`, add a `timeout`, or remove `retry`",
                sig.ident
            ),
        );
    }
    if let (Some(once), Some(_)) = (&args.limits.once, &args.limits.retry) {
        errors.at(
            once,
            "`once` contradicts `retry`, which calls the function again: remove one",
        );
    }
    params(args, function, errors)
}

/// Reports a type that a handler cannot return.
fn returned(output: &ReturnType, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = output else {
        return;
    };
    if let Type::Never(_) = &**ty {
        errors.at(
            ty,
            "a handler cannot return `!`: remove the type, and end the execution by `cx.stop()`",
        );
    } else if let Some(other) = without_never(ty) {
        let (written, other) = (spaced(ty), spaced(&other));
        let message = format!(
            "a handler cannot return `{written}`: write `{other}`, and end the execution by `cx.stop()`"
        );
        errors.at(ty, message);
    } else if let Some(error) = unsendable_error(ty) {
        errors.at(
            error,
            "a handler's error is `Send + Sync`: return `flow_core::Result<…>`, or write \
             `Box<dyn Error + Send + Sync>`",
        );
    } else if let Some(owned) = owned(ty) {
        let owned = spaced(&owned).replace("Res<dyn", "Box<dyn");
        errors.at(
            ty,
            format!("a handler cannot return a reference: return `{owned}`"),
        );
    }
}

/// The value of the future, if a function returns `impl Future<Output = T>`.
fn future(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    let Type::ImplTrait(opaque) = &**ty else {
        return None;
    };
    opaque.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(args) = &last.arguments else {
            return None;
        };
        args.args.iter().find_map(|arg| match arg {
            GenericArgument::AssocType(of) if last.ident == "Future" && of.ident == "Output" => {
                Some(&of.ty)
            }
            _ => None,
        })
    })
}

/// The error of a `Result<T, Box<dyn Error>>`, which another thread cannot have.
fn unsendable_error(ty: &Type) -> Option<&Type> {
    let arguments = |ty, name| match &last_segment(ty)
        .filter(|last| last.ident == name)?
        .arguments
    {
        PathArguments::AngleBracketed(args) => Some(&args.args),
        _ => None,
    };
    let GenericArgument::Type(error) = arguments(ty, "Result")?.iter().nth(1)? else {
        return None;
    };
    let GenericArgument::Type(Type::TraitObject(boxed)) = arguments(error, "Box")?.first()? else {
        return None;
    };
    let is_error = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last();
            last.is_some_and(|last| last.ident == "Error")
        }
        _ => true,
    };
    boxed.bounds.iter().all(is_error).then_some(error)
}

/// Whether the function is in an `impl` block and a flow names it, which reports that.
pub(crate) fn is_in_a_flow(function: &Function) -> bool {
    is_associated_in_a_flow(&function.sig.ident)
}

/// Whether no type that the attribute names lacks the derive of `Event`. If one does, it is
/// reported here unless another place reports it.
pub(crate) fn derived(args: &Args, function: &Function, errors: &mut Errors) -> bool {
    let mut are_events = true;
    for event in [&args.on, &args.emits].into_iter().flatten().flatten() {
        if let Some(reporter) = underived(event, Some(&function.sig.ident)) {
            are_events = false;
            if reporter == Reporter::FirstHandler {
                errors.at(event, no_event(event));
            }
        }
    }
    let mut inputs = function.sig.inputs.iter();
    are_events && !inputs.any(|input| is_no_question(input, &function.sig.ident))
}

/// Whether the parameter takes the answer of what is no event, which a flow reports. Another type
/// may be called `Answered` as well.
pub(crate) fn is_no_question(input: &FnArg, handler: &Ident) -> bool {
    let FnArg::Typed(typed) = input else {
        return false;
    };
    match wrapped("Answered", &typed.ty) {
        Some(Type::Path(question)) if question.qself.is_none() => {
            types::underived(&question.path, Some(handler)) == Some(Reporter::Flow)
        }
        _ => false,
    }
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
            errors.at(path, format!("duplicate event `{text}`: remove one"));
        }
    }
}

fn params(args: &Args, function: &Function, errors: &mut Errors) -> Vec<Param> {
    let mut params = Vec::new();
    let by_type = context_by_type(&function.sig);
    partners(args, function, errors);
    for (index, input) in function.sig.inputs.iter().enumerate() {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                errors.at(
                    receiver,
                    "a handler cannot take `self`: write a free function, \
                     and take a shared value as a resource, `Res<T>`",
                );
                continue;
            }
        };
        if by_type == Some(index) {
            params.push(Param::Cx);
            continue;
        }
        let Some(param) = param(&typed.ty, errors) else {
            continue;
        };
        let param = match param {
            Param::Event(ty) if is_unclear(&typed.pat, &ty, args) => Param::Unclear(ty),
            param => param,
        };
        let is_second = |known: &Param| {
            let same = std::mem::discriminant(known) == std::mem::discriminant(&param);
            same && matches!(known, Param::Cx | Param::Event(_))
        };
        if !params.iter().any(is_second) {
            params.push(param);
        } else if let Param::Cx = param {
            errors.at(input, "duplicate context: remove one");
            params.push(param);
        } else {
            errors.at(
                input,
                "a handler takes one event, and this is the second: \
                 take a shared value as a resource, `Res<T>`, or as a state, `State<T>`",
            );
        }
    }
    if let Some(variadic) = &function.sig.variadic {
        errors.at(
            variadic,
            "a handler cannot have variable arguments: remove them",
        );
    }
    params
}

/// Reports an `on` that lists the partners of a clause, which come together.
fn partners(args: &Args, function: &Function, errors: &mut Errors) {
    let on: Vec<_> = args.on.iter().flatten().map(key).collect();
    let takes_all = function.sig.inputs.iter().any(|input| match input {
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Tuple(tuple) => tuple.elems.iter().map(key).eq(on.iter().cloned()),
            _ => false,
        },
        FnArg::Receiver(_) => false,
    });
    if let (true, [first, _, ..]) = (takes_all, args.on.as_deref().unwrap_or_default()) {
        errors.at(
            first,
            "each event of `on` begins the handler by itself, and this one takes them together: \
             remove `on`",
        );
    }
}

/// The kind of a parameter with this type, or `None` after reporting an error.
fn param(ty: &Type, errors: &mut Errors) -> Option<Param> {
    if let Type::Reference(TypeReference { elem, .. }) = ty
        && is_named_cx(elem)
        && !is_cx(elem)
    {
        errors.at(
            elem,
            "`#[handler]` fills in the types of the context: write `&Cx`",
        );
        return None;
    }
    if let Some(ty) = impl_trait(ty) {
        errors.at(&ty, "a handler cannot take `impl Trait`: name the type");
        return None;
    }
    match ty {
        Type::Reference(reference) if is_cx(&reference.elem) => {
            if reference.mutability.is_some() {
                errors.at(ty, "the context of a handler is shared: write `&Cx`");
            }
            if reference.lifetime.is_some() {
                errors.at(
                    &reference.lifetime,
                    "the context of a handler has no lifetime: write `&Cx`",
                );
            }
            Some(Param::Cx)
        }
        _ if is_cx(ty) => {
            errors.at(ty, "a handler borrows its context: write `&Cx`");
            None
        }
        _ if holds(ty, &is_borrowed_cx) => {
            errors.at(
                ty,
                "the context of a handler is a parameter of its own: write `cx: &Cx`",
            );
            None
        }
        Type::Reference(TypeReference {
            elem, mutability, ..
        }) if !is_static(ty) && sized(elem).is_none() && owned(elem).is_none() => {
            let elem_text = spaced(&**elem);
            let is_by_value = last_segment(elem)
                .is_some_and(|last| BY_VALUE.iter().any(|known| last.ident == known));
            let message = if is_by_value {
                let sign = if mutability.is_some() { "&mut" } else { "&" };
                format!("a handler takes `{elem_text}` by value: remove `{sign}`")
            } else {
                format!(
                    "a handler cannot take a reference: take an event as `{elem_text}`, \
                     a resource as `Res<{elem_text}>`, the context as `&Cx`"
                )
            };
            errors.at(ty, message);
            None
        }
        _ if owned(ty).is_some() => {
            let owned = owned(ty).map(|owned| spaced(&owned)).unwrap_or_default();
            let message = format!("a handler cannot take a reference: take `{owned}`");
            errors.at(ty, message);
            None
        }
        _ if sized(ty).is_some() => {
            let sized = sized(ty).map(|sized| spaced(&sized)).unwrap_or_default();
            let unsized_type = spaced(ty);
            let message = format!(
                "a handler cannot take `{unsized_type}`, whose size varies: take `{sized}`"
            );
            errors.at(ty, message);
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

/// Types of the library that a handler takes by value.
const BY_VALUE: &[&str] = &[
    "Answered",
    "Ending",
    "Failed",
    "IdempotencyKey",
    "Res",
    "Snapshot",
    "State",
    "Tick",
    "Unanswered",
];

/// Whether the generic parameters are lifetimes of references, which are reported themselves.
fn only_borrow(sig: &Signature) -> bool {
    are_lifetimes(&sig.generics.params)
        && sig.generics.lifetimes().all(|param| {
            let name = param.lifetime.to_string();
            let mut inputs = sig.inputs.iter();
            inputs.any(|input| key(input).contains(&name))
        })
}

/// The first `impl Trait` within the type.
pub(super) fn impl_trait(ty: &Type) -> Option<TypeImplTrait> {
    struct First(Option<TypeImplTrait>);
    impl<'a> Visit<'a> for First {
        fn visit_type_impl_trait(&mut self, ty: &'a TypeImplTrait) {
            self.0.get_or_insert_with(|| ty.clone());
        }
    }
    let mut first = First(None);
    first.visit_type(ty);
    first.0
}

/// Whether the type is `&'static T`, which is a value like any other.
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

fn is_borrowed_cx(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if is_cx(&reference.elem))
}

/// Whether the type is `Cx` without arguments, by any path.
pub(crate) fn is_cx(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        segment.ident == "Cx" && matches!(segment.arguments, PathArguments::None)
    })
}

/// Whether the type is `Cx`, with or without arguments, by any path.
pub(crate) fn is_named_cx(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Cx")
}

/// The index of the parameter that is the context if its type is `&Cx` under another name: the only
/// reference, where nothing is named `Cx`.
pub(crate) fn context_by_type(sig: &Signature) -> Option<usize> {
    let mut contexts = sig
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| match input {
            FnArg::Typed(typed) => match &*typed.ty {
                Type::Reference(TypeReference { elem, .. }) => is_named_cx(elem) || is_plain(elem),
                ty => is_named_cx(ty),
            },
            FnArg::Receiver(_) => false,
        });
    let (index, first) = contexts.next()?;
    let is_other = match first {
        FnArg::Typed(typed) => match &*typed.ty {
            Type::Reference(reference) => {
                !is_named_cx(&reference.elem)
                    && reference.lifetime.is_none()
                    && reference.mutability.is_none()
            }
            _ => false,
        },
        FnArg::Receiver(_) => false,
    };
    (is_other && contexts.next().is_none()).then_some(index)
}

/// Whether the type is a path that may name any type.
fn is_plain(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| {
        matches!(last.arguments, PathArguments::None)
            && !KNOWN.iter().any(|known| last.ident == known)
    })
}

/// The names of types that are values.
const KNOWN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize", "Answered", "Arc", "Box", "Failed", "Option", "Result",
    "String", "Vec",
];

/// Whether a parameter may be a resource or a state under another name, as far as its words show.
/// Those have no fields for a pattern.
fn is_unclear(pattern: &Pat, ty: &Type, args: &Args) -> bool {
    let is_name = match pattern {
        Pat::Ident(name) => name.subpat.is_none(),
        Pat::Wild(_) => true,
        _ => false,
    };
    let mut on = args.on.iter().flatten();
    let named = key(ty);
    is_name
        && match ty {
            Type::Path(_) => match last_segment(ty) {
                Some(last) => !KNOWN.iter().any(|known| last.ident == known),
                None => true,
            },
            Type::Macro(_) => true,
            _ => false,
        }
        && !on.any(|event| key(event) == named)
}

/// The name of the context parameter.
pub(crate) fn context(function: &Function) -> Option<Ident> {
    let by_type = context_by_type(&function.sig);
    let mut inputs = function.sig.inputs.iter().enumerate();
    inputs.find_map(|(index, input)| match input {
        FnArg::Typed(typed) => match (&*typed.pat, &*typed.ty) {
            (Pat::Ident(name), Type::Reference(ty))
                if is_cx(&ty.elem) || by_type == Some(index) =>
            {
                Some(name.ident.clone())
            }
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The `T` of `Res<T>`, `State<T>` or another one, whichever `wrapper` names.
pub(super) fn wrapped<'a>(wrapper: &str, ty: &'a Type) -> Option<&'a Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    match args.args.first()? {
        GenericArgument::Type(ty) if args.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// Whether the type is called `Answered`. Another type may have the name too.
pub(crate) fn looks_like_an_answer(ty: &Type) -> bool {
    wrapped("Answered", ty).is_some()
}

/// The `Cause` of `Failed<Error, Cause>`, unless it is `()`.
pub(crate) fn cause(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Failed")?;
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    match args.args.get(1)? {
        GenericArgument::Type(Type::Tuple(tuple)) if tuple.elems.is_empty() => None,
        GenericArgument::Type(ty) => Some(ty),
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
