# The three programs in one image; the first argument chooses:
#   docker run tacho tacho-agent.jar --help

FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# What Maven fetches stays in the cache mount, also when a pom changes.
RUN --mount=type=cache,target=/var/cache/maven,sharing=locked \
    mvn -B -ntp -Dmaven.repo.local=/var/cache/maven package -DskipTests -DskipITs -Dspotless.check.skip=true

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 722 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tacho
WORKDIR /opt/tacho
COPY --from=build /src/node-agent/target/tacho-agent.jar /src/node-agent/target/tacho-demo.jar ./
COPY --from=build /src/aggregator/target/tacho-aggregator.jar ./
# how the JVMs are started stands in one place for the launcher and the image
COPY node-agent/jvm.options tacho-agent.options
COPY node-agent/demo-jvm.options tacho-demo.options
COPY aggregator/jvm.options tacho-aggregator.options
# java becomes process 1 and gets the SIGTERM itself; JDK_JAVA_OPTIONS adds to the options
COPY --chmod=755 <<'SCRIPT' /opt/tacho/run
#!/bin/sh
program=$1
shift
exec java "@/opt/tacho/${program%.jar}.options" -jar "/opt/tacho/$program" "$@"
SCRIPT
# malloc's arenas, one for every thread that asks, cost more memory than they save time
ENV MALLOC_ARENA_MAX=2
# by number, so that "not root" can be checked from outside
USER 722:722
ENTRYPOINT ["/opt/tacho/run"]
CMD ["tacho-agent.jar"]
