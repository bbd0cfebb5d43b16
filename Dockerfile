# The program in one image; the first argument is the subcommand, the rest are its options:
#   docker run --rm tacho agent --help

FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# What Maven downloads stays in the cache mount, also when a pom changes.
RUN --mount=type=cache,target=/var/cache/maven,sharing=locked \
    mvn -B -ntp -Dmaven.repo.local=/var/cache/maven package -pl cli -am -Pimage -Dmaven.test.skip=true -Dspotless.check.skip=true

FROM eclipse-temurin:17-jre AS program
# for the training run below, which is left out if it is missing; the jar of the image has none
RUN apt-get update && apt-get install -y --no-install-recommends redis-server || echo 'tacho: no redis-server'
WORKDIR /opt/tacho
COPY --from=build /src/cli/target/tacho.jar /src/cli/target/bom.json ./
# the JVM options are in one place for the launcher and the image
COPY cli/jvm jvm
# java becomes process 1 and gets the SIGTERM itself; JDK_JAVA_OPTIONS adds to its options
COPY --chmod=755 <<'SCRIPT' run
#!/bin/sh
subcommand=${1:-}
like=$subcommand
case $subcommand in
  standalone)
    like=aggregator
    # loopback is of no use in a container
    export TACHO_LISTEN="${TACHO_LISTEN:-0.0.0.0:7022}" TACHO_REDIS_LISTEN="${TACHO_REDIS_LISTEN:-0.0.0.0:6379}"
    export TACHO_DATA="${TACHO_DATA:-/data}"
    ;;
  health)
    like=terminal
    # other programs serve nothing: they are healthy while they run
    case $(tr '\0' ' ' </proc/1/cmdline) in *"tacho.jar aggregator"* | *"tacho.jar standalone"*) ;; *) exit 0 ;; esac
    ;;
  top | stats) like=terminal ;;
esac
options=/opt/tacho/jvm/$like.options
archive=/opt/tacho/tacho.jar.$like.jsa
[ "$like" != terminal ] || archive=/opt/tacho/tacho.jar.aggregator.jsa
set -- -jar /opt/tacho/tacho.jar "$@"
[ -f "$archive" ] && set -- -XX:SharedArchiveFile="$archive" -Xlog:cds=off "$@"
[ -f "$options" ] && set -- "@$options" "$@"
exec java "$@"
SCRIPT
# class data of a short real run, by the JVM that will use them; without they start as well, in twice the time
RUN java @jvm/demo.options -jar tacho.jar train || echo 'tacho: no class-data archives'; rm -f hs_err_pid*.log

FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="Tacho" \
      org.opencontainers.image.description="How is every node of a real-time cluster doing right now?" \
      org.opencontainers.image.licenses="Apache-2.0"
# the Redis of "standalone", with the distribution's security updates; without it "standalone" does not start, because the jar of the image has none
RUN export DEBIAN_FRONTEND=noninteractive; apt-get update -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20 >/dev/null 2>&1; \
    for server in valkey-server redis-server; do \
      apt-get install -y -qq --no-install-recommends "$server" >/dev/null 2>&1 && break || echo "tacho: no $server"; \
    done; \
    rm -rf /var/lib/apt/lists/*; install -d -o 722 -g 722 /data
RUN useradd --system --uid 722 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tacho
# malloc's arenas, one for every thread that asks, cost more memory than they save time
ENV MALLOC_ARENA_MAX=2
WORKDIR /opt/tacho
# by number, so that "not root" can be checked from outside
USER 722:722
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/opt/tacho/run", "health"]
ENTRYPOINT ["/opt/tacho/run"]
CMD ["agent"]
# last: the one layer that a build changes
COPY --from=program /opt/tacho /opt/tacho
