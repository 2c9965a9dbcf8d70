pub struct Parcel(pub u32);

pub struct Receipt;
