# Debian, not Alpine: scikit-learn has no wheels for musl.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
RUN python -m venv /opt/commentdesk
# "second-stage" for an image that can run a second stage (docs/second-stage.md).
ARG REQUIREMENTS=run
COPY requirements/run.txt requirements/second-stage.txt requirements/
RUN /opt/commentdesk/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements/${REQUIREMENTS}.txt
COPY pyproject.toml README.md ./
COPY service service
COPY worker worker
COPY models models
RUN /opt/commentdesk/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin commentdesk \
    && install --directory --owner commentdesk --group commentdesk --mode 700 /data
COPY --from=build /opt/commentdesk /opt/commentdesk
ENV PATH=/opt/commentdesk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_NUM_THREADS=1 \
    COMMENTDESK_DATA=/data \
    COMMENTDESK_HOST=0.0.0.0
USER commentdesk
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["commentdesk"]
# Alone, the image is the whole product with its embedded database and queue.
CMD ["up"]
