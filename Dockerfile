# One image for all processes of the service: serve (the default), worker, migrate.
#
#   docker build --build-arg COMMIT="$(git rev-parse --short HEAD)" --tag memocha:local .

FROM python:3.12.14-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/memocha
ENV PATH=/opt/memocha/bin:$PATH
WORKDIR /src
# Packages first: they change less often than the code, and the layer is used again.
COPY requirements-service.txt ./
RUN pip install --require-hashes --requirement requirements-service.txt
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY graphs ./graphs
COPY prompts ./prompts
COPY memocha ./memocha
COPY migrations ./migrations
COPY evals ./evals
RUN pip install --no-deps .
# The embedder's weights (23 MB) are part of the image, by their sha256: a container fetches nothing when it starts.
RUN python -c "import asyncio, pathlib, memocha; asyncio.run(memocha.minilm(pathlib.Path('/opt/memocha/models')))"
COPY deploy/healthcheck.py /opt/memocha/healthcheck.py

# The web client's files. The Node that makes them stays behind.
FROM python:3.12.14-slim-trixie AS web
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements-node.txt ./
RUN pip install --require-hashes --requirement requirements-node.txt
COPY frontend /web
WORKDIR /web
RUN npm install --no-save --no-audit --no-fund && npm run build

FROM python:3.12.14-slim-trixie
ARG COMMIT=unknown
ENV PATH=/opt/memocha/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MEMOCHA_COMMIT=$COMMIT \
    MEMOCHA_MODELS_DIR=/opt/memocha/models \
    MEMOCHA_WEB_DIR=/opt/memocha/web
COPY --from=build /opt/memocha /opt/memocha
COPY --from=web /web/out /opt/memocha/web
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin memocha
USER 10001:10001
WORKDIR /home/memocha
EXPOSE 8000
# For serve. A worker is asked in another way, and migrate not at all: see docker-compose.yml.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "/opt/memocha/healthcheck.py", "api"]
ENTRYPOINT ["memocha"]
CMD ["serve"]
