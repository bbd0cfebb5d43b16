// SPDX-License-Identifier: Apache-2.0
package io.tacho.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tacho.testing.Docker;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** The package in a clean Debian: installed, run, upgraded, removed and purged. */
class InstallationIT {

    private static final String IMAGE = "debian:bookworm-slim";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static GenericContainer<?> debian;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Docker.isAvailable(), "Docker is not available");
        assumeTrue(Docker.has(IMAGE), IMAGE + " is not to be had");
        debian = new GenericContainer<>(IMAGE)
                .withCommand("sleep", "infinity")
                .withCopyFileToContainer(MountableFile.forHostPath(DebianPackageIT.file()), "/tmp/tacho.deb");
        debian.start();
        // what the program needs, and a Redis; the pages are excluded in slim images
        run("rm -f /etc/dpkg/dpkg.cfg.d/*; apt-get update -q"
                + " && apt-get install -yq --no-install-recommends redis-server bash-completion curl man-db");
        run("apt-get install -yq --no-install-recommends /tmp/tacho.deb");
    }

    @AfterAll
    static void stop() {
        if (debian != null) {
            debian.stop();
        }
    }

    private static String run(String command) throws Exception {
        ExecResult result = debian.execInContainer("sh", "-c", command);
        assertThat(result.getExitCode()).as(command + "\n" + result).isZero();
        return result.getStdout();
    }

    /** Starts what the unit starts, as its user. */
    private static void startAsUnit(String program) throws Exception {
        run("command=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/tacho-" + program + ".service);"
                + " setsid setpriv --reuid=tacho --regid=tacho --clear-groups $command >/tmp/" + program
                + ".log 2>&1 </dev/null & echo $! >/tmp/" + program + ".pid");
    }

    /** One test, because each step needs the one before. */
    @Test
    void installed_runs_isUpgradedAndRemoved() throws Exception {
        assertThat(run("tacho --version")).startsWith("tacho 0.");
        assertThat(run("man -P cat tacho-agent")).contains("--metrics-interval=DURATION");
        assertThat(run("ls /usr/share/tacho")).contains("tacho.jar.agent.jsa", "tacho.jar.aggregator.jsa");

        run("setsid redis-server --port 6390 --requirepass s3cret --save '' >/tmp/redis.log 2>&1 </dev/null &");
        run("umask 027; echo s3cret >/etc/tacho/redis-password; chgrp tacho /etc/tacho/redis-password");
        for (String program : new String[] {"agent", "aggregator"}) {
            run(
                    "printf 'redis = redis://127.0.0.1:6390\\nredis-password-file = /etc/tacho/redis-password\\n' >>/etc/tacho/"
                            + program + ".properties");
            startAsUnit(program);
        }
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(run("curl -sf http://127.0.0.1:7022/stats")).contains("\"uid\":"));
        assertThat(run("curl -sf http://127.0.0.1:7022/stats")).contains("\"nodes\":[{");
        run("tacho health --ready");
        assertThat(run("stat -c %U /proc/$(cat /tmp/agent.pid)")).isEqualTo("tacho\n");
        assertThat(debian.execInContainer(
                                "setpriv", "--reuid=65534", "--clear-groups", "cat", "/etc/tacho/redis-password")
                        .getExitCode())
                .isNotZero();

        run("kill $(cat /tmp/agent.pid)");
        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(run("curl -sf http://127.0.0.1:7022/stats")).contains("\"nodes\":[]"));

        // the same version again: what dpkg does in an upgrade; with a systemd that rejects everything, as it does for
        // masked units
        run(
                "mkdir -p /run/systemd/system; printf '#!/bin/sh\\nexit 1\\n' >/usr/bin/systemctl; chmod +x /usr/bin/systemctl");
        run("dpkg --install /tmp/tacho.deb");
        assertThat(run("cat /etc/tacho/agent.properties")).contains("redis = redis://127.0.0.1:6390");
        assertThat(run("ls /usr/share/tacho")).contains("tacho.jar.agent.jsa");

        run("kill $(cat /tmp/aggregator.pid)");
        run("dpkg --remove tacho");
        assertThat(run("cat /etc/tacho/agent.properties")).contains("redis = redis://127.0.0.1:6390");
        assertThat(run("ls /usr/share/tacho 2>/dev/null; true")).isEmpty();

        run("dpkg --purge tacho");
        assertThat(run("ls /etc/tacho")).isEqualTo("redis-password\n");
        assertThat(run("getent passwd tacho; true")).isEmpty();
    }
}
