# Every step is relative to the working directory: tests/deploy/prove_image.py runs the same steps in an empty folder.

FROM python:3.13-slim AS environment
WORKDIR /srv/layerscope
COPY requirements.lock .
RUN python3 -m venv .venv && .venv/bin/python -m pip install --require-hashes -r requirements.lock

FROM python:3.13-slim
WORKDIR /srv/layerscope
COPY --from=environment /srv/layerscope/.venv .venv
COPY app app
COPY static static
COPY templates templates
COPY models models
RUN .venv/bin/python -m compileall -q app

# Nothing is written while it serves: run it with --read-only --tmpfs /tmp.
ENV PATH=/srv/layerscope/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request as http; http.urlopen('http://127.0.0.1:' + os.environ.get('LAYERSCOPE_PORT', os.environ['PORT']) + '/readyz', timeout=4)"]
CMD ["python", "-m", "app"]
