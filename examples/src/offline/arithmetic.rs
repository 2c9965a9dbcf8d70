//! Small arithmetic found in a sentence: "what is 12 * 7?".

/// Deeper nesting than this is no small arithmetic.
const DEEPEST: usize = 32;

/// Words that ask for a result. Without one of them, numbers within a
/// sentence are left alone: a date is not a subtraction.
const ASKING: [&str; 11] = [
    "what",
    "what's",
    "whats",
    "much",
    "many",
    "calculate",
    "compute",
    "solve",
    "evaluate",
    "result",
    "equals",
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Number(f64),
    Operator(char),
    Open,
    Close,
}

/// A calculation and what came of it, as text.
#[derive(Debug, PartialEq)]
pub(super) struct Calculation {
    /// "12 * 7"
    pub(super) expression: String,
    /// "84", or `None` if there is none, as for a division by zero.
    pub(super) result: Option<String>,
}

/// The first calculation that a sentence asks for.
pub(super) fn calculation(sentence: &str) -> Option<Calculation> {
    let mut runs: Vec<Vec<Token>> = vec![Vec::new()];
    let mut words = Vec::new();
    for piece in pieces(sentence) {
        match piece {
            Ok(token) => runs.last_mut()?.push(token),
            Err(word) => {
                // "divided by" and "to the power of" are one operator.
                if !matches!(word.as_str(), "by" | "to" | "the" | "of" | "raised") {
                    words.push(word);
                    runs.push(Vec::new());
                }
            }
        }
    }
    let asked = words.iter().any(|word| ASKING.contains(&word.as_str()));
    if !asked && !words.is_empty() {
        return None;
    }
    runs.iter().find_map(|run| calculate(run))
}

fn calculate(tokens: &[Token]) -> Option<Calculation> {
    // A number alone, or one with a sign, is not worth an answer.
    let numbers = tokens
        .iter()
        .filter(|token| matches!(token, Token::Number(_)))
        .count();
    if numbers < 2 {
        return None;
    }
    let mut parser = Parser { tokens, depth: 0 };
    let value = parser.sum()?;
    if !parser.tokens.is_empty() {
        return None;
    }
    Some(Calculation {
        expression: expression(tokens),
        result: value.is_finite().then(|| number(value)),
    })
}

/// Splits a sentence into tokens (`Ok`) and other words (`Err`).
fn pieces(sentence: &str) -> Vec<Result<Token, String>> {
    let sentence = sentence
        .to_lowercase()
        .replace("percent of", "% of")
        .replace("% of", "/ 100 *");
    let mut pieces = Vec::new();
    let mut rest = sentence.as_str();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '0'..='9' => rest
                .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
                .unwrap_or(rest.len()),
            // "12x7", but not the x of a word.
            'x' if !rest
                .get(1..)
                .is_some_and(|after| after.starts_with(char::is_alphabetic)) =>
            {
                1
            }
            c if c.is_alphabetic() => rest
                .find(|c: char| !c.is_alphabetic() && c != '\'')
                .unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        pieces.extend(token(piece));
    }
    pieces
}

fn token(piece: &str) -> Option<Result<Token, String>> {
    let token = match piece {
        "+" | "plus" => Token::Operator('+'),
        "-" | "−" | "–" | "minus" => Token::Operator('-'),
        "*" | "×" | "·" | "x" | "times" | "multiplied" => Token::Operator('*'),
        "/" | "÷" | "divided" | "over" => Token::Operator('/'),
        "^" | "power" => Token::Operator('^'),
        "%" | "mod" | "modulo" => Token::Operator('%'),
        "(" => Token::Open,
        ")" => Token::Close,
        _ if piece.starts_with(|c: char| c.is_ascii_digit()) => {
            // "1,000" is a thousand; "7," and "7." end a clause.
            let digits = piece.trim_end_matches(['.', ',']).replace(',', "");
            match digits.parse() {
                Ok(number) => Token::Number(number),
                Err(_) => return Some(Err(piece.to_owned())),
            }
        }
        _ if piece.starts_with(char::is_alphabetic) => return Some(Err(piece.to_owned())),
        // Spaces, question marks, equals signs and quotes part nothing.
        _ => return None,
    };
    Some(Ok(token))
}

/// A descent through the usual rules of precedence.
struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        while let Some(operator) = self.operator(&['+', '-']) {
            let right = self.product()?;
            value = if operator == '+' {
                value + right
            } else {
                value - right
            };
        }
        Some(value)
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.signed()?;
        while let Some(operator) = self.operator(&['*', '/', '%']) {
            let right = self.signed()?;
            value = match operator {
                '*' => value * right,
                '/' => value / right,
                _ => value % right,
            };
        }
        Some(value)
    }

    fn signed(&mut self) -> Option<f64> {
        let mut negative = false;
        while let Some(sign) = self.operator(&['+', '-']) {
            negative ^= sign == '-';
        }
        let value = self.power()?;
        Some(if negative { -value } else { value })
    }

    fn power(&mut self) -> Option<f64> {
        let base = self.atom()?;
        if self.operator(&['^']).is_none() {
            return Some(base);
        }
        // To the right first: 2 ^ 3 ^ 2 is 2 ^ 9.
        let exponent = self.nested(Self::signed)?;
        Some(base.powf(exponent))
    }

    fn atom(&mut self) -> Option<f64> {
        match self.next()? {
            Token::Number(number) => Some(number),
            Token::Open => {
                let value = self.nested(Self::sum)?;
                (self.next()? == Token::Close).then_some(value)
            }
            Token::Close | Token::Operator(_) => None,
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Option<f64>) -> Option<f64> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn operator(&mut self, any: &[char]) -> Option<char> {
        match self.tokens.split_first() {
            Some((Token::Operator(operator), rest)) if any.contains(operator) => {
                self.tokens = rest;
                Some(*operator)
            }
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }
}

fn expression(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        let piece = match token {
            Token::Number(value) => number(*value),
            Token::Operator(operator) => operator.to_string(),
            Token::Open => "(".to_owned(),
            Token::Close => ")".to_owned(),
        };
        if !text.is_empty() && !text.ends_with('(') && *token != Token::Close {
            text.push(' ');
        }
        text.push_str(&piece);
    }
    text
}

/// A number as people write it: 0.1 + 0.2 is 0.3.
fn number(value: f64) -> String {
    if value != 0.0 && !(1e-6..1e15).contains(&value.abs()) {
        return format!("{value:e}");
    }
    let text = format!("{value:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(sentence: &str) -> Option<String> {
        calculation(sentence)?.result
    }

    #[test]
    fn calculations_are_found_in_sentences() {
        for (sentence, expected) in [
            ("what is 12 * 7", "84"),
            ("What is 12*7?", "84"),
            ("12x7", "84"),
            ("12 x 7 =", "84"),
            ("how much is 100 divided by 8?", "12.5"),
            ("Calculate (2 + 3) × 4, please.", "20"),
            ("what's 2 + 3 * 4?", "14"),
            ("what is 7 minus -3", "10"),
            ("what is -2 ^ 2", "-4"),
            ("what is 2 to the power of 10", "1024"),
            ("what is 2^3^2", "512"),
            ("what is 1,000 plus 1?", "1001"),
            ("what is 0.1 + 0.2", "0.3"),
            ("what is 17 mod 5", "2"),
            ("what's 15% of 80?", "12"),
            ("what is 10 / 4 / 5", "0.5"),
            ("what is 999999999 * 999999999", "9.99999998e17"),
        ] {
            assert_eq!(result(sentence).as_deref(), Some(expected), "{sentence}");
        }
    }

    #[test]
    fn a_division_by_zero_has_no_result() {
        let found = calculation("what is 1 / 0?").unwrap();
        assert_eq!((found.expression.as_str(), found.result), ("1 / 0", None));
    }

    #[test]
    fn sentences_without_a_calculation_have_none() {
        for sentence in [
            "what is 12",
            "what is -5",
            "I was born on 1990-05-06",
            "what is a + b",
            "what is 3 +",
            "what is (1 + 2",
            "hello",
            "",
            "*",
            "what is 1.2.3 + 4",
        ] {
            assert_eq!(calculation(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_instead_of_overflowing_the_stack() {
        let deep = |open: &str, count: usize| format!("what is {} 1 + 1", open.repeat(count));
        assert_eq!(calculation(&deep("(", 100_000)), None);
        assert_eq!(
            calculation(&format!("what is {}1", "2^".repeat(100_000))),
            None
        );
        assert_eq!(
            result(&format!("what is {}1 + 1", "-".repeat(100_000))).as_deref(),
            Some("2")
        );
    }
}
