//! Faults planted into our own work, at the seams between the refreshing and the world, or into what is seen of it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Planted {
    /// While the source fails, there is no roster.
    RosterLost,
    /// A restart begins with an empty store.
    RestartForgets,
    /// Nobody is held in an accidental gap.
    HoldsForgotten,
    /// Whoever was held is still rung after the 48 hours.
    HoldsNeverEnd,
    /// Where the sheet says `nobody`, whoever was on call before is rung.
    NobodyOverruled,
    /// What the operator accepts is not passed on.
    AcceptanceLost,
    /// New numbers are not used.
    OldNumbers,
    /// The source is asked half as often as promised.
    TooSeldom,
    /// The source is asked twenty times as often as promised.
    TooOften,
    /// Nobody asks for the fallback.
    FallbackIgnored,
    /// The fallback is used before the copy is stale.
    FallbackTooSoon,
    /// The operator hears everything twice.
    ToldTwice,
    /// The operator never hears of an outage.
    NeverTold,
    /// The operator never hears that an outage is over.
    NoAllClear,
    /// Trouble is not shown.
    TroubleHidden,
    /// Trouble that is over is still shown.
    TroubleStays,
    /// The rota seems to have been checked just now.
    CheckedAtLies,
    /// The history lacks its newest version.
    HistoryLacksNewest,
}

impl Planted {
    pub(super) const ALL: [Self; 18] = [
        Self::RosterLost,
        Self::RestartForgets,
        Self::HoldsForgotten,
        Self::HoldsNeverEnd,
        Self::NobodyOverruled,
        Self::AcceptanceLost,
        Self::OldNumbers,
        Self::TooSeldom,
        Self::TooOften,
        Self::FallbackIgnored,
        Self::FallbackTooSoon,
        Self::ToldTwice,
        Self::NeverTold,
        Self::NoAllClear,
        Self::TroubleHidden,
        Self::TroubleStays,
        Self::CheckedAtLies,
        Self::HistoryLacksNewest,
    ];
}
