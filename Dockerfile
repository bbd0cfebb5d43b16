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
# by number, so that "not root" can be checked from outside
USER 722:722
# java is process 1 and gets the SIGTERM itself. The heap is half of the container's memory limit; JDK_JAVA_OPTIONS adds to this.
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-Xms16m", "-Xss256k", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar"]
CMD ["tacho-agent.jar"]
