//! Figures in readable form.

use crate::case::Unit;

/// With two or three digits, in a suitable unit.
pub(crate) fn text(figure: f64, unit: Unit) -> String {
    match unit {
        Unit::Nanoseconds => scaled(figure, &["ns", "µs", "ms", "s"]),
        Unit::Bytes => scaled(figure, &["B", "kB", "MB", "GB"]),
    }
}

/// A multiple of another figure.
pub(crate) fn ratio(times: f64) -> String {
    // From a thousand on, two digits are enough.
    if times < 999.5 {
        return format!("{} ×", digits(times));
    }
    let unit = 10_f64.powf(times.log10().floor() - 1.0);
    format!(
        "{} ×",
        grouped(&format!("{:.0}", (times / unit).round() * unit))
    )
}

/// A number with a space before each group of three digits.
fn grouped(number: &str) -> String {
    match number.len().checked_sub(3).map(|at| number.split_at(at)) {
        Some((thousands, rest)) if !thousands.is_empty() => {
            format!("{} {rest}", grouped(thousands))
        }
        _ => number.to_owned(),
    }
}

fn scaled(mut figure: f64, units: &[&str]) -> String {
    let mut units = units.iter();
    let mut unit = units.next().copied().unwrap_or_default();
    for larger in units {
        if figure < 999.5 {
            break;
        }
        figure /= 1_000.0;
        unit = larger;
    }
    format!("{} {unit}", digits(figure))
}

fn digits(figure: f64) -> String {
    let decimals = match figure {
        ..0.995 => 2,
        ..9.95 => 1,
        _ => 0,
    };
    format!("{figure:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_two_digits_or_three_and_a_unit() {
        let time = |figure| text(figure, Unit::Nanoseconds);
        assert_eq!(time(5.84), "5.8 ns");
        assert_eq!(time(999.4), "999 ns");
        assert_eq!(time(999.6), "1.0 µs");
        assert_eq!(time(430_480.0), "430 µs");
        assert_eq!(text(6_432.0, Unit::Bytes), "6.4 kB");
    }

    #[test]
    fn large_ratios_are_rounded() {
        assert_eq!(ratio(0.257), "0.26 ×");
        assert_eq!(ratio(15.7), "16 ×");
        assert_eq!(ratio(999.6), "1 000 ×");
        assert_eq!(ratio(74_412.0), "74 000 ×");
        assert_eq!(ratio(1_149_000.0), "1 100 000 ×");
    }
}
