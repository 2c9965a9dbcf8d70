//! How the values of a durable flow are written: a match over its activations, by the names of
//! their clauses.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::flow::expand::names::asked_for;
use crate::flow::expand::payload::{carried, cause, error};
use crate::flow::expand::plan::Plan;
use crate::flow::expand::stable::{Unique, clauses};
use crate::flow::tree::{Clause, Trigger};
use crate::written::{spaced, written};

/// The codec of values of this type.
pub(super) fn codec(ty: &impl ToTokens) -> TokenStream {
    let asked = asked_for(ty);
    quote!({
        use ::flow_core::__private::NoCodec as _;
        ::flow_core::__private::Probe::<#asked>::CODEC
    })
}

/// The codec of errors of this type.
pub(super) fn error_codec(ty: &impl ToTokens) -> TokenStream {
    quote!({
        use ::flow_core::__private::NoErrorCodec as _;
        ::flow_core::__private::ErrorProbe::<#ty>::CODEC
    })
}

/// How one variant of the activations is written.
struct Variant {
    name: String,
    activation: Ident,
    /// `Result<Vec<u8>, CodecError>` of `__value`, a reference.
    encode: TokenStream,
    /// The opposite, of `__bytes`.
    decode: TokenStream,
    /// The clause and the part, for an event that waits for partners.
    part: Option<(usize, usize)>,
}

impl Variant {
    fn plain(name: String, activation: Ident, ty: &impl ToTokens) -> Self {
        let codec = codec(ty);
        Self {
            name,
            activation,
            encode: quote!(#codec.encode(__value)),
            decode: quote!(#codec.decode(__bytes)),
            part: None,
        }
    }
}

impl Plan<'_> {
    /// The codec of the graph, if the flow is durable.
    pub(super) fn codec(&self) -> Option<TokenStream> {
        if !self.flow.is_durable() {
            return None;
        }
        let this = &self.this;
        let variants = self.variants();
        let encoded = variants.iter().map(|of| {
            let (name, variant, encode) = (&of.name, &of.activation, &of.encode);
            quote!(__Activation::#variant(__value) => (#name, #encode?),)
        });
        let decoded = variants.iter().map(|of| {
            let (name, variant, decode) = (&of.name, &of.activation, &of.decode);
            quote!(#name => __Activation::#variant(#decode?),)
        });
        let parts = variants.iter().filter_map(|of| {
            let (variant, (clause, part)) = (&of.activation, of.part?);
            Some(quote! {
                __Activation::#variant(_) => ::core::option::Option::Some((#clause, #part)),
            })
        });
        let reminders = self.reminded();
        // Not by its position, which moves when a clause is added, and not by the path of its type,
        // which moves with the type.
        let every = self.clauses().zip(clauses(self.flow));
        let every = every.filter_map(|((_, clause), name)| {
            matches!(clause.trigger, Trigger::Every(_)).then_some(name)
        });
        let every: Vec<_> = every.collect();
        let every = (!every.is_empty()).then(|| quote!(.every(&[#(#every),*])));
        let states = self.flow.states.iter().map(|state| {
            let (ty, codec, name) = (&state.ty, codec(&state.ty), spaced(&state.ty));
            quote! {
                ::flow_core::__private::StateCodec::new(
                    || #name,
                    (
                        |__states| ::flow_core::__private::read_state::<#ty>(__states, #codec),
                    |__states, __bytes| {
                        ::flow_core::__private::write_state::<#ty>(__states, __bytes, #codec)
                    }),
                    ::core::any::TypeId::of::<#ty>,
                    |__bytes| ::flow_core::__private::copy_state::<#ty>(__bytes, #codec),
                )
            }
        });
        let [input, item, output] = ["Input", "Item", "Output"].map(|name| {
            let name = format_ident!("{name}");
            codec(&quote!(<#this as ::flow_core::__private::Graph>::#name))
        });
        let (outside, of_outside) = self.outside();
        let failed = quote!(::flow_core::__private::CodecError);
        Some(quote! {
            const CODEC: ::core::option::Option<
                &'static ::flow_core::__private::GraphCodec<Self>,
            > = {
                #outside
                fn __encode(__activation: &__Activation) -> ::core::result::Result<
                    (&'static ::core::primitive::str, ::flow_core::__private::Vec<::core::primitive::u8>),
                    #failed,
                > {
                    ::core::result::Result::Ok(match __activation {
                        #(#encoded)*
                        _ => return ::core::result::Result::Err(
                            ::flow_core::__private::no_clause(""),
                        ),
                    })
                }
                fn __decode(
                    __name: &::core::primitive::str,
                    __bytes: &[::core::primitive::u8],
                ) -> ::core::result::Result<__Activation, #failed> {
                    ::core::result::Result::Ok(match __name {
                        #(#decoded)*
                        _ => return ::core::result::Result::Err(
                            ::flow_core::__private::no_clause(__name),
                        ),
                    })
                }
                fn __part(
                    __activation: &__Activation,
                ) -> ::core::option::Option<(::core::primitive::usize, ::core::primitive::usize)> {
                    match __activation {
                        #(#parts)*
                        _ => ::core::option::Option::None,
                    }
                }
                const __CODEC: &::flow_core::__private::GraphCodec<#this> =
                    &::flow_core::__private::GraphCodec::new(
                        #input,
                        #item,
                        #output,
                        (__encode, __decode),
                        __part,
                        &[#(#states),*],
                    )
                    #reminders
                    #every
                    .outside(#of_outside);
                ::core::option::Option::Some(__CODEC)
            };
        })
    }

    /// Which activations are those of reminders, and of which questions.
    fn reminded(&self) -> Option<TokenStream> {
        let reminded = self.clauses().filter_map(|(index, clause)| {
            let Trigger::Reminder(_) = clause.trigger else {
                return None;
            };
            let variant = format_ident!("Clause{index}");
            Some(quote! {
                __Activation::#variant(__reminded) => {
                    ::core::option::Option::Some(__reminded.question())
                }
            })
        });
        let reminded: Vec<_> = reminded.collect();
        (!reminded.is_empty()).then(|| {
            quote! {
                .reminders(|__activation| match __activation {
                    #(#reminded)*
                    _ => ::core::option::Option::None,
                })
            }
        })
    }

    fn variants(&self) -> Vec<Variant> {
        let names = clauses(self.flow);
        let mut variants = Vec::new();
        let mut unique = Unique::default();
        for ((index, clause), name) in self.clauses().zip(names) {
            let variant = format_ident!("Clause{index}");
            let parts = clause.trigger.parts().iter().enumerate();
            let parts = parts.map(|(part, event)| {
                let variant = format_ident!("{variant}Part{part}");
                let name = unique.name(format!("{name}: {}", written(event)));
                Variant {
                    part: Some((index, part)),
                    ..Variant::plain(name, variant, event)
                }
            });
            let parts: Vec<_> = parts.collect();
            variants.push(self.activation_of(name, variant, clause));
            variants.extend(parts);
        }
        variants
    }

    /// The activation of a clause. None of them is split in a durable flow.
    fn activation_of(&self, name: String, activation: Ident, clause: &Clause) -> Variant {
        match &clause.trigger {
            Trigger::Rescue(handler) => {
                let error = error_codec(&error(self.flow, handler.as_ref()));
                let caused_by = codec(&cause(clause).unwrap_or_else(|| quote!(())));
                Variant {
                    name,
                    activation,
                    encode: quote! {
                        ::flow_core::__private::failed_to_bytes(__value, #error, #caused_by)
                    },
                    decode: quote! {
                        ::flow_core::__private::failed_from_bytes(__bytes, #error, #caused_by)
                    },
                    part: None,
                }
            }
            Trigger::Reminder(reminder) => {
                let codec = codec(&reminder.question);
                let number = self.reminder_of(&reminder.question, reminder.stage.as_ref());
                Variant {
                    name,
                    activation,
                    encode: quote!(::flow_core::__private::reminded_to_bytes(__value, #codec)),
                    decode: quote! {
                        ::flow_core::__private::reminded_from_bytes(__bytes, #codec, #number)
                    },
                    part: None,
                }
            }
            Trigger::Open(..) => Variant::plain(name, activation, &self.input()),
            _ => Variant::plain(name, activation, &carried(self.flow, clause)),
        }
    }
}
