# The browser page in a container: docker build -t politburo-sim . && docker run -p 8765:8765 politburo-sim
# Any other command takes its place: docker run politburo-sim politburo-sim run ussr-1922 --seed 7
FROM python:3.12-slim

# What the compiled wheels lack in a slim image (make names it too).
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --create-home --uid 1000 visitor && install --directory --owner visitor /srv/politburo-sim
WORKDIR /build

# Dependencies stand in a layer of their own, which a change of the code leaves as it is.
ARG PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
ARG PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt
COPY constraints.txt pyproject.toml hatch_build.py README.md LICENSE ./
RUN mkdir -p src/politburo_sim scenarios experiments seeds records \
    && touch src/politburo_sim/__init__.py \
    && pip install --no-cache-dir .
COPY src src
COPY scenarios scenarios
COPY experiments experiments
COPY seeds seeds
COPY records records
RUN pip install --no-cache-dir --no-deps --force-reinstall . && rm -rf ./*

USER 1000
WORKDIR /srv/politburo-sim
# Compiled once here, so that the first visitor does not wait for it.
RUN politburo-sim run ussr-1922 --quiet > /dev/null

EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8765/', timeout=4)"]
CMD ["politburo-sim", "view", "ussr-1922", "--seed", "7", "--host", "0.0.0.0", "--no-browser"]
