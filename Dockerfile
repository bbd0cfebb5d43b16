# The programs in one image; the first argument chooses, the rest are its options:
#   docker run --rm tacho agent --help

FROM maven:3-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# What Maven fetches stays in the cache mount, also when a pom changes.
RUN --mount=type=cache,target=/var/cache/maven,sharing=locked \
    mvn -B -ntp -Dmaven.repo.local=/var/cache/maven package -DskipTests -DskipITs -Dspotless.check.skip=true

FROM eclipse-temurin:17-jre AS programs
WORKDIR /opt/tacho
COPY --from=build /src/node-agent/target/tacho-agent.jar agent.jar
COPY --from=build /src/node-agent/target/tacho-demo.jar demo.jar
COPY --from=build /src/aggregator/target/tacho-aggregator.jar aggregator.jar
# how the JVMs are started stands in one place for the launcher and the image
COPY node-agent/jvm.options agent.options
COPY node-agent/demo-jvm.options demo.options
COPY aggregator/jvm.options aggregator.options
# java becomes process 1 and gets the SIGTERM itself; JDK_JAVA_OPTIONS adds to its options
COPY --chmod=755 <<'SCRIPT' run
#!/bin/sh
case ${1:-} in
  agent | aggregator | demo) program=/opt/tacho/$1 ;;
  *) echo "tacho: unknown program '${1:-}' (expected: agent, aggregator or demo)" >&2; exit 2 ;;
esac
shift
exec java "@$program.options" -XX:SharedArchiveFile="$program.jar.jsa" -Xlog:cds=off -jar "$program.jar" "$@"
SCRIPT
# class data of a short real run, by the JVM that will use them; without they start as well, in twice the time
RUN java @demo.options -jar demo.jar rehearse --agent-jar /opt/tacho/agent.jar --aggregator-jar /opt/tacho/aggregator.jar \
    || echo 'tacho: no rehearsal'; rm -f hs_err_pid*.log

FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="Tacho" \
      org.opencontainers.image.description="How is every node of a real-time cluster doing right now?" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 722 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tacho
# malloc's arenas, one for every thread that asks, cost more memory than they save time
ENV MALLOC_ARENA_MAX=2
WORKDIR /opt/tacho
# by number, so that "not root" can be checked from outside
USER 722:722
ENTRYPOINT ["/opt/tacho/run"]
CMD ["agent"]
# last: the one layer that a build changes
COPY --from=programs /opt/tacho /opt/tacho
