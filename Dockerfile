# The app with its models' runtime. The database is a container of its own: see compose.yaml.
FROM python:3.12-slim AS built
RUN pip install --no-cache-dir uv
WORKDIR /app
# Compiled here, since nothing can be kept where it runs.
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
COPY pyproject.toml uv.lock README.md LICENSE NOTICE ./
RUN uv sync --locked --no-dev --no-install-project --extra score --extra offline --extra export
COPY src ./src
RUN uv sync --locked --no-dev --no-editable --extra score --extra offline --extra export

FROM python:3.12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends libimage-exiftool-perl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home sis \
 && install -d -o sis -g sis -m 0700 /data
COPY --from=built /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SIS_WORKSPACE=/data/workspace \
    SIS_MODELS_DIR=/data/models \
    SIS_STATE_DIR=/data/state \
    HF_HOME=/data/hub \
    SIS_WEB_HOST=0.0.0.0
USER sis
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-c", \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
ENTRYPOINT ["sis"]
CMD ["serve"]
