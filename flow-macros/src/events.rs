//! `#[derive(Events)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Data, DeriveInput, Field, Fields, Ident, Path, Type, Variant};

use crate::attributes::Forwarded;
use crate::errors::{Errors, did_you_mean};
use crate::functions::{is_marked_by, text_around};
use crate::krate;
use crate::spans::over;
use crate::types::is_underived_in_a_flow;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let krate = path_of_crate(&input, &mut errors);
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            "an enum of events cannot be generic: replace its parameters with concrete types",
        );
    }
    let variants = variants(&input, &mut errors);
    let is_event = is_marked_as_event(&input.ident);
    if is_event {
        let name = &input.ident;
        errors.at(
            name,
            format!(
                "`{name}` is an event, or holds one in each variant, and not both: \
                 derive `Event` alone, or `Events` alone"
            ),
        );
    }
    let errors = errors.into_tokens();
    let is_generic = !input.generics.params.is_empty();
    let events = (!is_generic && !is_event).then(|| expand(&input, &variants));
    krate::named(quote!(#errors #events), krate.as_ref())
}

/// `#[events(crate = path)]`
fn path_of_crate(input: &DeriveInput, errors: &mut Errors) -> Option<Path> {
    let mut path = None;
    for attribute in &input.attrs {
        if attribute.path().is_ident("events") {
            let parsed = attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("crate") {
                    let name = meta.path.get_ident().map(ToString::to_string);
                    let name = name.unwrap_or_default();
                    let hint = match did_you_mean(&name, &["crate"]) {
                        hint if hint.is_empty() => ": expected `crate`".to_owned(),
                        hint => hint,
                    };
                    return Err(meta.error(format!("unknown key `{name}`{hint}")));
                }
                let value = meta.value().map_err(|_| {
                    meta.error("missing path for `crate`: write `crate = facade::flow_core`")
                })?;
                path = Some(krate::parse(value)?);
                Ok(())
            });
            errors.note(parsed);
        }
    }
    path
}

/// The variants with one field each; the others are reported.
fn variants<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Vec<(&'a Variant, &'a Field)> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        errors.at(
            name,
            format!(
                "`Events` is for an enum that holds an event in each variant: \
                 derive `Event` for `{name}`, or return a tuple of events"
            ),
        );
        return Vec::new();
    };
    if data.variants.is_empty() {
        errors.at(
            name,
            format!("`{name}` has no variants: add one for each event, `Done(Done)`"),
        );
    }
    let mut variants = Vec::new();
    for variant in &data.variants {
        let mut fields = variant.fields.iter();
        match (fields.next(), fields.next()) {
            (Some(field), None) if names(&field.ty, name) => errors.at(
                &field.ty,
                format!("`{name}` cannot hold itself: hold the events, or return a `Vec<{name}>`"),
            ),
            // A flow or a handler reports it.
            (Some(field), None) if is_reported(&field.ty) => {}
            (Some(field), None) => variants.push((variant, field)),
            (None, _) => errors.at(
                variant,
                format!(
                    "a variant holds an event, and `{0}` holds none: write `{0}(Event)`, or \
                     remove it and return an `Option<{name}>`",
                    variant.ident
                ),
            ),
            (Some(_), Some(_)) => errors.at(
                &variant.ident,
                format!(
                    "a variant holds one event, and `{}` has several fields: \
                     hold the events in a tuple, or make the fields an event",
                    variant.ident
                ),
            ),
        }
    }
    variants
}

/// Whether a flow of the file reports that the type is no event.
fn is_reported(ty: &Type) -> bool {
    match ty {
        Type::Path(ty) => ty.qself.is_none() && is_underived_in_a_flow(&ty.path),
        _ => false,
    }
}

/// Whether the enum derives `Event` as well, as far as the text shows: the two would be in
/// conflict.
fn is_marked_as_event(name: &Ident) -> bool {
    let start = name.span().start();
    let text = text_around(name.span());
    let mut lines = text.lines();
    let mut before = String::new();
    for line in lines.by_ref().take(start.line.saturating_sub(1)) {
        before.push_str(line);
        before.push('\n');
    }
    let own = lines.next().unwrap_or_default();
    before.extend(own.chars().take(start.column));
    is_marked_by(&before, derives_event)
}

/// Whether `Event`, and not that of another crate, is in a `derive` of this line.
fn derives_event(line: &str) -> bool {
    let derived = line.split("derive(").skip(1);
    let mut derived =
        derived.flat_map(|list| list.split(')').next().unwrap_or_default().split(','));
    derived.any(|path| ["Event", "flow_core::Event"].contains(&path.trim()))
}

/// Whether the type names the enum that it is in, for which rustc would report a cycle.
fn names(ty: &Type, name: &Ident) -> bool {
    struct Names<'a>(&'a Ident, bool);
    impl<'a> Visit<'a> for Names<'_> {
        fn visit_path(&mut self, path: &'a Path) {
            self.1 |= path.is_ident(self.0) || path.is_ident("Self");
            visit::visit_path(self, path);
        }
    }
    let mut names = Names(name, false);
    names.visit_type(ty);
    names.1
}

fn expand(input: &DeriveInput, variants: &[(&Variant, &Field)]) -> TokenStream {
    let name = &input.ident;
    let forwarded = Forwarded::new(&input.attrs);
    let lints = forwarded.lints();
    let held = variants.iter().map(|(_, field)| {
        let ty = &field.ty;
        over(
            ty.span(),
            |at| quote_spanned!(at=> <#ty as ::flow_core::Events>::HELD),
        )
    });
    let arms = variants.iter().map(|(variant, field)| {
        let pattern = pattern(&variant.ident, &variant.fields);
        let ty = &field.ty;
        quote!(#pattern => <#ty as ::flow_core::Events>::emit(__events, __router),)
    });
    // One that is in error has variants that are not here.
    let rest = (variants.is_empty() || variants.len() < count(input)).then(|| quote!(_ => {}));
    let places = variants.iter().zip(1_u8..).map(|((_, field), number)| {
        let ty = &field.ty;
        quote! {
            #[automatically_derived]
            #lints
            impl<const __A: ::core::primitive::u8, const __B: ::core::primitive::u8, const __C: ::core::primitive::u8>
                ::flow_core::__private::HeldAt<#number, __A, __B, __C> for #name
            where
                #ty: ::flow_core::__private::HeldAt<__A, __B, __C, 0>,
            {
                type Event = <#ty as ::flow_core::__private::HeldAt<__A, __B, __C, 0>>::Event;
            }
        }
    });
    quote! {
        #(#places)*
        #[automatically_derived]
        #lints
        impl ::flow_core::__private::HeldAt<0, 0, 0, 0> for #name {
            type Event = ();
        }
        #[automatically_derived]
        #lints
        impl ::flow_core::Events for #name {
            const HELD: ::flow_core::__private::Held =
                ::flow_core::__private::Held::OneOf(&[#(#held),*]);
            fn emit<__R: ::flow_core::Router>(self, __router: &__R) {
                let _ = __router;
                match self {
                    #(#arms)*
                    #rest
                }
            }
        }
    }
}

fn count(input: &DeriveInput) -> usize {
    match &input.data {
        Data::Enum(data) => data.variants.len(),
        _ => 0,
    }
}

/// The pattern of a variant with one field, which it binds as `__events`.
fn pattern(variant: &Ident, fields: &Fields) -> TokenStream {
    let field = fields.iter().next().and_then(|field| field.ident.as_ref());
    if let Some(field) = field {
        quote!(Self::#variant { #field: __events })
    } else {
        quote!(Self::#variant(__events))
    }
}
