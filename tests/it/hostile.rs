//! What an enemy sends or writes, through the whole service: webhooks, old ones too, and what stands in sheets.

mod door;
mod elsewhere;
mod replay;
mod rota;
mod tape;
