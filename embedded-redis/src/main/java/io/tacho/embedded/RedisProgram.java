// SPDX-License-Identifier: Apache-2.0
package io.tacho.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The executable of a server that speaks the protocol of Redis: one that is installed on this machine, or the bundled one.
 *
 * @param description name, version and origin
 */
record RedisProgram(String description, Source source) {

    /** Version of the bundled server. It has known vulnerabilities, so it is for demos and tests on loopback only. */
    static final String BUNDLED_VERSION = "7.0.15";

    private static final List<String> NAMES = List.of("valkey-server", "redis-server");
    private static final Pattern VERSION = Pattern.compile(" v=(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
    private static final long VERSION_TIMEOUT_SECONDS = 5;

    /** Provides the path of the executable. */
    @FunctionalInterface
    interface Source {

        /** Returns the path, after the executable was extracted to the directory if it is not installed. */
        Path executable(Path directory) throws IOException;
    }

    /** {@return the bundled server} */
    static RedisProgram bundled() {
        return resource(
                "/redis-server-" + BUNDLED_VERSION + "-" + EmbeddedRedis.platform(),
                "redis-server " + BUNDLED_VERSION + ", bundled");
    }

    /** {@return the server that is this resource} */
    static RedisProgram resource(String resource, String description) {
        return new RedisProgram(description, directory -> extract(resource, directory));
    }

    /**
     * Returns the newest server in the directories, unless it is older than the bundled one. Distributions fix vulnerabilities
     * without a new version, so an installed server of the same version takes precedence.
     *
     * @param path directories as in the variable {@code PATH}
     */
    static Optional<RedisProgram> installed(String path) {
        int[] newest = {7, 0, 15};
        Optional<RedisProgram> found = Optional.empty();
        for (String directory : path.split(File.pathSeparator, -1)) {
            for (String name : NAMES) {
                Path executable = Path.of(directory, name);
                int[] version = directory.isEmpty() ? new int[0] : version(executable);
                if (version.length > 0 && Arrays.compare(version, newest) >= (found.isEmpty() ? 0 : 1)) {
                    newest = version;
                    String text = name + " " + version[0] + "." + version[1] + "." + version[2] + ", " + executable;
                    found = Optional.of(new RedisProgram(text, any -> executable));
                }
            }
        }
        return found;
    }

    /** {@return this server, described as the replacement of one that did not start} */
    RedisProgram insteadOf(RedisProgram other) {
        return new RedisProgram(description + ", because " + other.description + ", does not start", source);
    }

    /** Returns the version that the executable prints, in its three parts; empty if there is none. */
    private static int[] version(Path executable) {
        if (!Files.isExecutable(executable) || Files.isDirectory(executable)) {
            return new int[0];
        }
        try {
            Process process = new ProcessBuilder(executable.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(VERSION_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new int[0];
            }
            byte[] output = process.getInputStream().readNBytes(1_000);
            Matcher version = VERSION.matcher(new String(output, StandardCharsets.ISO_8859_1));
            return version.find()
                    ? new int[] {
                        Integer.parseInt(version.group(1)),
                        Integer.parseInt(version.group(2)),
                        Integer.parseInt(version.group(3))
                    }
                    : new int[0];
        } catch (IOException e) {
            // not a program that runs here
            return new int[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new int[0];
        }
    }

    private static Path extract(String resource, Path directory) throws IOException {
        Path executable = directory.resolve("redis-server");
        try (InputStream in = RedisProgram.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no redis-server: " + resource.substring(1) + " is not on the class path"
                        + " (expected: redis-server or valkey-server " + BUNDLED_VERSION
                        + " or newer on the PATH, or the bundled one, on Linux or macOS)");
            }
            Files.copy(in, executable);
        }
        Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
        return executable;
    }
}
