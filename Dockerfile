# The program in one image; the first argument is the subcommand, the rest are its options:
#   docker run --rm tacho agent --help

# the Java that measures best, see BENCHMARKS.md
ARG JAVA=17

# the jar is the same for all architectures
FROM --platform=$BUILDPLATFORM maven:3-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# What Maven downloads stays in the cache mount, also when a pom changes.
RUN --mount=type=cache,target=/var/cache/maven,sharing=locked \
    mvn -B -ntp -Dmaven.repo.local=/var/cache/maven package -pl cli -am -Pimage -Dmaven.test.skip=true -Dspotless.check.skip=true
# the native parts of Netty and JNA by the architecture of the image: otherwise they would be unpacked into /tmp at each start
WORKDIR /src/native
RUN jar xf /src/cli/target/tacho.jar META-INF/native com/sun/jna && mkdir amd64 arm64 && \
    mv META-INF/native/*_x86_64.so com/sun/jna/linux-x86-64/*.so amd64 && \
    mv META-INF/native/*_aarch_64.so com/sun/jna/linux-aarch64/*.so arm64

FROM eclipse-temurin:${JAVA}-jre AS base
# the Redis of "standalone", with the distribution's security updates; without it "standalone" does not start, because the jar of the image has none
RUN export DEBIAN_FRONTEND=noninteractive; apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20 >/dev/null 2>&1; \
    for server in valkey-server redis-server; do \
      apt-get install -y -qq --no-install-recommends "$server" >/dev/null 2>&1 && break || echo "tacho: no $server"; \
    done; \
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin; install -d -o 722 -g 722 /data
RUN useradd --system --uid 722 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tacho
WORKDIR /opt/tacho

FROM base AS program
ARG TARGETARCH
COPY --from=build /src/cli/target/tacho.jar /src/cli/target/bom.json ./
COPY --from=build /src/native/${TARGETARCH} lib
# the launcher and the JVM options are those of the package
COPY cli/launcher/tacho tacho
COPY cli/jvm jvm
COPY --chmod=755 <<'SCRIPT' run
#!/bin/sh
case ${1:-} in
  standalone)
    # loopback is of no use in a container
    export TACHO_LISTEN="${TACHO_LISTEN:-0.0.0.0:7022}" TACHO_REDIS_LISTEN="${TACHO_REDIS_LISTEN:-0.0.0.0:6379}"
    export TACHO_DATA="${TACHO_DATA:-/data}"
    ;;
  health)
    # other programs serve nothing: they are healthy while they run
    case $(tr '\0' ' ' </proc/1/cmdline) in *"tacho.jar aggregator"* | *"tacho.jar standalone"*) ;; *) exit 0 ;; esac
    ;;
esac
exec /opt/tacho/tacho "$@"
SCRIPT
# class data of a short real run, by the JVM that will use them; without them the programs start as well, in twice the time
RUN ./tacho train || echo 'tacho: no class-data archives'; rm -f hs_err_pid*.log

FROM base
ARG VERSION=0.1.0-SNAPSHOT REVISION=unknown JAVA
LABEL org.opencontainers.image.title="Tacho" \
      org.opencontainers.image.description="How is every node of a real-time cluster doing right now?" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:${JAVA}-jre"
# by number, so that "not root" can be checked from outside
USER 722:722
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/opt/tacho/run", "health"]
ENTRYPOINT ["/opt/tacho/run"]
CMD ["agent"]
# last: the one layer that a build changes
COPY --from=program /opt/tacho /opt/tacho
