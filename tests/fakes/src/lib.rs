//! Google and Microsoft Graph as rotaline meets them, on loopback, with faults on demand.
