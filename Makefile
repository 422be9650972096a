# Every command a person needs. `make demo` and `make test` do everything on a fresh Debian with Rust.
CARGO ?= cargo
ARGS ?=

.PHONY: help demo run drill check lint test bench nights torture fuzz api-check tools postgres

help: ## Say what there is.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: tools ## Sample rota, simulated telephone network and page on http://127.0.0.1:8080, no account needed.
	@echo "Building; the first time takes a few minutes."
	$(CARGO) run -- demo $(ARGS)

run: tools ## Serve the hotlines of rotaline.toml.
	$(CARGO) run -- serve $(ARGS)

drill: tools ## Play the four standard calls in the terminal.
	$(CARGO) run --quiet -- drill $(ARGS)

check: lint ## Format, lints, licences and bans.
	@if $(CARGO) deny --version >/dev/null 2>&1; then $(CARGO) deny check bans licenses sources && \
	$(CARGO) deny --manifest-path fuzz/Cargo.toml --config deny.toml check bans licenses sources; \
	else echo "licences and bans not checked: cargo install cargo-deny --locked"; fi

lint: tools
	@if $(CARGO) fmt --version >/dev/null 2>&1; then $(CARGO) fmt --all --check; else echo "format not checked: rustup component add rustfmt"; fi
	@if $(CARGO) clippy --version >/dev/null 2>&1; then $(CARGO) clippy --quiet --workspace --all-targets -- -D warnings; \
	else echo "lints not checked: rustup component add clippy"; fi

test: lint postgres ## Lints, all tests (also on a PostgreSQL of their own), 10 000 seeded nights.
# More at once than there are cores: the long ones wait for processes that are killed and started again.
	RUST_TEST_THREADS=5 $(CARGO) test --workspace --lib --bins --tests

bench: tools ## Speed, each figure beside a baseline of the same run.
	$(CARGO) bench --bench on_call --bench reading --bench large --bench arrival --bench webhooks --bench refresh

N ?= 100000
SEED ?= 1
nights: tools ## N seeded nights from SEED on, in an optimised build: make nights N=1000000 SEED=7
	NIGHTS=$(N) SEED=$(SEED) $(CARGO) test --release --test it nights::many -- --nocapture

CRASH_SEED ?= 1
CRASH_KILLS ?= 210
torture: tools postgres ## Kill the real process often under traffic: make torture CRASH_KILLS=5000 CRASH_SEED=7
	CRASH_STORE=sqlite CRASH_KILLS=$(CRASH_KILLS) CRASH_SEED=$(CRASH_SEED) $(CARGO) test --release --test it crash:: -- --nocapture
	CRASH_STORE=postgres CRASH_KILLS=$(CRASH_KILLS) CRASH_SEED=$(CRASH_SEED) $(CARGO) test --release --test it crash::nobody -- --nocapture

T ?= 600
fuzz: tools ## Hostile cells, files, rotas, names, forms, signatures, texts and webhooks for T seconds each; needs a nightly compiler: make fuzz T=60
	@rustup toolchain list | grep -q nightly || rustup toolchain install nightly --profile minimal
	@$(CARGO) fuzz --version >/dev/null 2>&1 || $(CARGO) install cargo-fuzz --locked
	@for target in cell file rota export form signature twiml csv_escaping api_bodies webhook text; do mkdir -p fuzz/corpus/$$target; \
	$(CARGO) +nightly fuzz run --sanitizer none $$target fuzz/corpus/$$target fuzz/seeds/$$target -- \
	-max_total_time=$(T) -rss_limit_mb=2048 -timeout=20 -dict=fuzz/words.dict || exit 1; done

EXAMPLES ?= 50
api-check: tools ## A client that does not know us asks the demo everything (schemathesis, in target/): make api-check EXAMPLES=500
	CARGO=$(CARGO) EXAMPLES=$(EXAMPLES) tests/api-check.sh

# Only the programs are needed: tests start a server of their own in a temporary folder, and stop it.
postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { echo "PostgreSQL is missing (the tests run on it, too); installing it."; \
	apt-get update -qq && apt-get install -y -qq postgresql || { echo "Could not install it: run 'apt-get install postgresql' as root."; exit 2; }; }

tools:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install it with rustup (1.95 or newer), then run make again."; exit 2; }
	@command -v cc >/dev/null || { echo "A C compiler is missing (SQLite is compiled in); installing it."; apt-get update -qq && apt-get install -y -qq gcc libc6-dev || { echo "Could not install it: run 'apt-get install gcc libc6-dev' as root."; exit 2; }; }
