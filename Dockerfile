# One image for web, worker, beat and migrate. Node stays in the first stage, pip's cache and the build in the second.

FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/koine
COPY requirements/run.lock requirements/run.lock
RUN pip install --require-hashes --no-deps -r requirements/run.lock
COPY . .
COPY --from=front-end /build/node_modules node_modules
# Static files and catalogues are made here: the running image can't write. The key signs nothing, it only lets
# production settings load.
RUN python -m network.embedded.assets \
 && python -m network.embedded.catalogues \
 && DJANGO_SETTINGS_MODULE=network.settings.production SECRET_KEY=build KOINE_STATE_DIR=/srv/koine/var \
    python manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf node_modules var/vendor \
 && mkdir -p var/vendor /media \
 && python -m compileall -q .

FROM python:3.11-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin koine
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/koine /srv/koine
COPY --from=build --chown=10001:10001 /media /media
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=network.settings.production \
    KOINE_STATE_DIR=/srv/koine/var \
    KOINE_MEDIA_DIR=/media
WORKDIR /srv/koine
USER 10001:10001
VOLUME /media
EXPOSE 8000
CMD ["gunicorn", "network.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
