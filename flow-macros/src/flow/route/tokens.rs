//! The tree of a route as tokens again, as it was written.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::token;

use crate::flow::route::{Arm, Each, Else, End, First, If, Route, Stage};

impl ToTokens for Route {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.stages.to_tokens(tokens);
    }
}

impl ToTokens for Stage {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Handler(handler) => handler.to_tokens(tokens),
            Self::Join { paren, branches } => {
                paren.surround(tokens, |tokens| branches.to_tokens(tokens));
            }
            Self::First(first) => first.to_tokens(tokens),
            Self::Each(each) => each.to_tokens(tokens),
            Self::Match {
                keyword,
                brace,
                arms,
            } => {
                keyword.to_tokens(tokens);
                brace.surround(tokens, |tokens| arms.to_tokens(tokens));
            }
            Self::If(choice) => choice.to_tokens(tokens),
            Self::Else(choice) => choice.to_tokens(tokens),
            Self::Glue(function) => function.to_tokens(tokens),
            Self::End(end) => end.to_tokens(tokens),
            Self::Ignore(keyword) | Self::Emit(keyword) | Self::Skip(keyword) => {
                keyword.to_tokens(tokens);
            }
            Self::Ask(ask) => ask.keyword.to_tokens(tokens),
        }
    }
}

impl ToTokens for First {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        self.paren
            .surround(tokens, |tokens| self.branches.to_tokens(tokens));
    }
}

impl ToTokens for End {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        self.now.to_tokens(tokens);
    }
}

impl ToTokens for Each {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        surrounded(self.paren.as_ref(), &self.route, tokens);
        if let Some((bracket, limit)) = &self.limit {
            bracket.surround(tokens, |tokens| limit.to_tokens(tokens));
        }
    }
}

fn surrounded(paren: Option<&token::Paren>, route: &Route, tokens: &mut TokenStream) {
    match paren {
        Some(paren) => paren.surround(tokens, |tokens| route.to_tokens(tokens)),
        None => route.to_tokens(tokens),
    }
}

impl ToTokens for Else {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        surrounded(self.paren.as_ref(), &self.tried, tokens);
        self.keyword.to_tokens(tokens);
        let (paren, stand_in) = &self.stand_in;
        surrounded(paren.as_ref(), stand_in, tokens);
    }
}

impl ToTokens for Arm {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.pattern.to_tokens(tokens);
        if let Some((keyword, guard)) = &self.guard {
            keyword.to_tokens(tokens);
            guard.to_tokens(tokens);
        }
        self.arrow.to_tokens(tokens);
        self.route.to_tokens(tokens);
    }
}

impl ToTokens for If {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.keyword.to_tokens(tokens);
        self.condition.to_tokens(tokens);
        self.then.0.to_tokens(tokens);
        self.then.1.to_tokens(tokens);
        self.else_token.to_tokens(tokens);
        self.otherwise.0.to_tokens(tokens);
        self.otherwise.1.to_tokens(tokens);
    }
}
