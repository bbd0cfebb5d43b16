// SPDX-License-Identifier: Apache-2.0
package io.tacho.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/** Detects Docker and its images for tests. */
public final class Docker {

    private static final int PULL_MINUTES = 3;

    private Docker() {}

    public static boolean isAvailable() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    /** Returns true if the image exists, or can be pulled. */
    public static boolean has(String image) {
        DockerClient docker = DockerClientFactory.lazyClient();
        try {
            docker.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return pull(docker, image);
        }
    }

    private static boolean pull(DockerClient docker, String image) {
        try {
            return docker.pullImageCmd(image).start().awaitCompletion(PULL_MINUTES, TimeUnit.MINUTES);
        } catch (DockerException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
