// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench.program;

import io.tacho.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The limit: nginx that serves given bytes as a static file, once with sendfile and once without, tuned as one would for
 * just that.
 */
public final class Nginx implements AutoCloseable {

    /** Two servers of one configuration; files are kept open, nothing is logged, connections are never closed. */
    private static final String CONFIGURATION = """
            $user
            worker_processes auto;
            daemon off;
            pid nginx.pid;
            error_log nginx-error.log;
            events { worker_connections 4096; multi_accept on; }
            http {
              access_log off;
              default_type application/json;
              keepalive_requests 1000000000;
              keepalive_timeout 300s;
              tcp_nodelay on;
              tcp_nopush on;
              open_file_cache max=100 inactive=1h;
              open_file_cache_valid 1h;
              client_body_temp_path temp-body;
              proxy_temp_path temp-proxy;
              fastcgi_temp_path temp-fastcgi;
              uwsgi_temp_path temp-uwsgi;
              scgi_temp_path temp-scgi;
              server { listen 127.0.0.1:$first; root files; sendfile on; }
              server { listen 127.0.0.1:$second; root files; sendfile off; output_buffers 2 512k; }
            }
            """;

    private static final long START_SECONDS = 10;

    private final ChildProcess server;
    private final List<Integer> ports;

    private Nginx(ChildProcess server, List<Integer> ports) {
        this.server = server;
        this.ports = ports;
    }

    /** Serves the bytes under {@code /stats}. */
    public static Nginx start(Path program, Path directory, byte[] stats) throws IOException, InterruptedException {
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.write(files.resolve("stats"), stats);
        List<Integer> ports = Tool.freePorts(2);
        // root's nginx has workers of another user, who may not read what is ours
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(
                configuration,
                CONFIGURATION
                        .replace("$user", user)
                        .replace("$first", ports.get(0).toString())
                        .replace("$second", ports.get(1).toString()));
        ChildProcess server = ChildProcess.start(
                "nginx",
                List.of(
                        program.toString(),
                        "-e",
                        directory.resolve("nginx-error.log").toString(),
                        "-p",
                        directory.toString(),
                        "-c",
                        configuration.toString()),
                directory);
        Nginx nginx = new Nginx(server, ports);
        try {
            nginx.awaitResponse(stats.length);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return nginx;
    }

    private void awaitResponse(int length) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            server.requireAlive();
            try {
                long found = new Poller(url(true)).get("/stats").length();
                if (found != length) {
                    throw new IllegalStateException("nginx: " + found + " bytes (expected: " + length + ")");
                }
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    public String url(boolean sendfile) {
        return "http://127.0.0.1:" + ports.get(sendfile ? 0 : 1);
    }

    public long cpuMillis() throws IOException {
        return ProcessUsage.cpuMillis(server.pid());
    }

    @Override
    public void close() {
        server.close();
    }
}
