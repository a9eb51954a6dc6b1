package org.voco4j.program.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.voco4j.run.RunLog;

/**
 * Sends requests to one archive: with the login, which no other host gets, and again after what may pass.
 *
 * <p>All requests are repeatable: queries, retrievals, and storing objects whose UIDs say whether they are the same.
 */
final class Requests {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final String LOGIN = "Authorization";
    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_WORDS = 1 << 12; // bytes of a refusal

    private final ArchiveLogin login;
    private final Patience patience;
    private final RunLog log;
    private final HttpClient client;

    Requests(ArchiveLogin login, Patience patience, RunLog log) {
        this.login = login;
        this.patience = patience;
        this.log = log;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /**
     * An answer whose body is still to be read.
     *
     * @param status 200 to 299, or one that the request named
     * @param type of the body; empty if the archive does not say
     * @param from the address, to begin sentences with
     */
    record Answer(int status, String type, InputStream body, String from) {}

    /** Makes something of an answer; called again with a new one after a failure that may pass. */
    @FunctionalInterface
    interface Use<T> {
        /** Reads the answer. */
        T of(Answer answer) throws IOException;
    }

    /** Asks for something. */
    <T> T get(URI uri, String accept, Use<T> use) throws IOException {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", accept)
                        .timeout(patience.answer(0))
                        .GET(),
                Set.of(),
                use);
    }

    /**
     * Sends something.
     *
     * @param body that can be sent again
     * @param alsoRead the status of refusals whose body says more
     */
    <T> T post(URI uri, String accept, String type, HttpRequest.BodyPublisher body, Set<Integer> alsoRead, Use<T> use)
            throws IOException {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", accept)
                        .header("Content-Type", type)
                        .timeout(patience.answer(body.contentLength()))
                        .POST(body),
                alsoRead,
                use);
    }

    private <T> T send(HttpRequest.Builder asked, Set<Integer> alsoRead, Use<T> use) throws IOException {
        String header = login.header();
        HttpRequest request = (header == null ? asked : asked.header(LOGIN, header)).build();
        for (int attempts = 1; ; attempts++) {
            try {
                return once(request, alsoRead, use);
            } catch (ArchiveFailure failure) {
                if (!failure.isPassing() || !patience.again(attempts)) {
                    throw failure;
                }
                Duration pause = patience.pause(attempts, failure);
                synchronized (log) { // objects come several at a time
                    log.warn(failure.getMessage() + "; trying again in " + Math.max(1, pause.toSeconds()) + " s");
                }
                sleep(pause);
            }
        }
    }

    private <T> T once(HttpRequest first, Set<Integer> alsoRead, Use<T> use) throws IOException {
        HttpRequest request = first;
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            String from = request.uri().toString();
            HttpResponse<InputStream> response = answer(request);
            int status = response.statusCode();
            try (InputStream body = new TimedStream(response.body(), from, patience.silence())) {
                if (REDIRECTS.contains(status)
                        && (status >= 307 || request.method().equals("GET"))) {
                    request = redirected(request, response.headers().firstValue("Location"));
                } else if (status / 100 == 2 || alsoRead.contains(status)) {
                    String type = response.headers().firstValue("Content-Type").orElse("");
                    return use.of(new Answer(status, type, body, from));
                } else {
                    throw refusal(response, from, body);
                }
            }
        }
        throw ArchiveFailure.lasting(first.uri() + ": the archive sends on from one address to another without end");
    }

    private HttpResponse<InputStream> answer(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw stopped(request.uri());
        } catch (IOException failure) {
            throw unreached(request.uri(), failure);
        }
    }

    private ArchiveFailure unreached(URI uri, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return ArchiveFailure.lasting(
                        uri + ": no secure connection: " + ServerWords.shortened(String.valueOf(cause.getMessage()))
                                + " (VOCO_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE names certificates to trust)",
                        failure);
            }
            if (cause instanceof UnresolvedAddressException) {
                return ArchiveFailure.passing(uri + ": the host " + uri.getHost() + " is not known", failure);
            }
        }
        String why;
        if (failure instanceof HttpConnectTimeoutException) {
            why = "no connection within " + patience.connect().toSeconds() + " s";
        } else if (failure instanceof HttpTimeoutException) {
            why = "no answer in time";
        } else if (failure instanceof ConnectException) {
            why = "nobody answers there";
        } else {
            why = "the connection broke off, " + failure.getMessage();
        }
        return ArchiveFailure.passing(uri + ": " + why, failure);
    }

    /**
     * The same request elsewhere: on another host without the login, and not at all if it sends something or would lose the
     * secure connection.
     */
    private static HttpRequest redirected(HttpRequest request, Optional<String> location) throws ArchiveFailure {
        URI from = request.uri();
        URI to;
        try {
            to = from.resolve(location.orElse(""));
        } catch (IllegalArgumentException e) {
            throw ArchiveFailure.lasting(from + ": the archive sends on to no valid address", e);
        }
        boolean away = !origin(to).equals(origin(from));
        boolean safe = "https".equalsIgnoreCase(to.getScheme())
                || ("http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme()));
        if (away && (!safe || to.getHost() == null || !request.method().equals("GET"))) {
            throw ArchiveFailure.lasting(from + ": the archive sends on to " + ServerWords.shortened(origin(to))
                    + ", where nothing is sent; if that is the archive, name its address");
        }
        return HttpRequest.newBuilder(request, (name, value) -> !away || !name.equalsIgnoreCase(LOGIN))
                .uri(to)
                .build();
    }

    /** Scheme, host and port. */
    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    private ArchiveFailure refusal(HttpResponse<?> response, String from, InputStream body) {
        int status = response.statusCode();
        String said = "";
        try {
            said = ServerWords.shortened(login.hidden(ServerWords.message(body.readNBytes(MOST_WORDS))));
        } catch (IOException silent) {
            // the status says enough
        }
        String sentence = from + ": the archive answers with status " + status + (said.isEmpty() ? "" : ", " + said);
        if (BUSY.contains(status)) {
            return ArchiveFailure.busy(sentence, after(response));
        }
        return ArchiveFailure.lasting(status == 401 ? sentence + "; " + ArchiveLogin.ADVICE : sentence);
    }

    private static @Nullable Duration after(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(null);
    }

    private static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for the archive");
        }
    }

    private static IOException stopped(URI uri) {
        return new InterruptedIOException(uri + ": stopped");
    }
}
