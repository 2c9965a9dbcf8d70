//! A value of ten kinds, for the systems that choose by one.

use dfir_rs::DemuxEnum;

#[derive(Clone, Copy, Debug, DemuxEnum)]
pub(crate) enum Kind {
    K0(u32),
    K1(u32),
    K2(u32),
    K3(u32),
    K4(u32),
    K5(u32),
    K6(u32),
    K7(u32),
    K8(u32),
    K9(u32),
}

impl Kind {
    /// By the last digit.
    pub(crate) fn of(left: u32) -> Self {
        match left % 10 {
            0 => Self::K0(left),
            1 => Self::K1(left),
            2 => Self::K2(left),
            3 => Self::K3(left),
            4 => Self::K4(left),
            5 => Self::K5(left),
            6 => Self::K6(left),
            7 => Self::K7(left),
            8 => Self::K8(left),
            _ => Self::K9(left),
        }
    }
}
