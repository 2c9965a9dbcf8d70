use flow_core::Event;

#[derive(Event)]
pub struct Invoice(pub u32);

// No events, but elsewhere their names are those of events.
pub struct Bill;

pub struct Voucher;

pub mod paper {
    #[derive(flow_core::Event)]
    pub struct Coupon;
}
