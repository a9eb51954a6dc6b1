package org.voco4j.program.archive;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** An archive with one series on the loopback that answers as it should, but for the faults that a test asks for. */
public final class FakeArchive implements AutoCloseable {
    public static final String STUDY = "1.2.3";
    public static final String SERIES = "1.2.3.4";
    static final String TYPE = "multipart/related; type=\"application/dicom\"; boundary=\"b\"";

    /** How one request is answered instead. */
    @FunctionalInterface
    interface Fault {
        void answer(HttpExchange exchange) throws IOException;
    }

    public final Map<String, byte[]> objects = Collections.synchronizedMap(new LinkedHashMap<>());
    final Queue<Fault> faults = new ConcurrentLinkedQueue<>(); // of objects, each for one request
    final Queue<Fault> lists = new ConcurrentLinkedQueue<>(); // the same of lists of objects
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> logins = Collections.synchronizedList(new ArrayList<>());
    public final List<String> stored = Collections.synchronizedList(new ArrayList<>());
    volatile int page = Integer.MAX_VALUE;
    volatile boolean honoursOffset = true;

    private final HttpServer server;
    private final ExecutorService pool = Executors.newCachedThreadPool();

    public FakeArchive() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(pool);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/web";
    }

    /** The head of a DICOM file (PS3.10 section 7.1) with so many bytes behind it. */
    static byte[] object(String uid, int bytes) {
        byte[] value = (uid.length() % 2 == 0 ? uid : uid + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer file =
                ByteBuffer.allocate(128 + 4 + 14 + 8 + value.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.position(128);
        file.put("DICM".getBytes(StandardCharsets.US_ASCII));
        file.putShort((short) 2).putShort((short) 1).put("OB".getBytes(StandardCharsets.US_ASCII));
        file.putShort((short) 0).putInt(2).putShort((short) 0x100);
        file.putShort((short) 2).putShort((short) 3).put("UI".getBytes(StandardCharsets.US_ASCII));
        file.putShort((short) value.length).put(value);
        for (int i = 0; i < bytes; i++) {
            file.put((byte) (i * 31 + uid.hashCode()));
        }
        return file.array();
    }

    void add(String uid, int bytes) {
        objects.put(uid, object(uid, bytes));
    }

    long asked(String instance) {
        return requests.stream()
                .filter(path -> path.endsWith("/instances/" + instance))
                .count();
    }

    static void reply(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    static Fault status(int status, String body) {
        return exchange -> reply(exchange, status, "text/plain", body.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole length is announced, half is sent, and the connection ends. */
    Fault cut(String uid) {
        return exchange -> {
            byte[] body = parts(uid);
            exchange.getResponseHeaders().set("Content-Type", TYPE);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
        };
    }

    /** The answer is whole as HTTP has it, but its last boundary is missing. */
    Fault unended(String uid) {
        return exchange -> {
            byte[] body = parts(uid);
            reply(exchange, 200, TYPE, Arrays.copyOf(body, body.length / 2));
        };
    }

    /** Half is sent, and then nothing. */
    Fault silent(String uid) {
        return exchange -> {
            cut(uid).answer(exchange);
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** One character as long as somebody reads. */
    static Fault endless(String type, char character) {
        return exchange -> {
            byte[] block = new byte[1 << 16];
            Arrays.fill(block, (byte) character);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(block);
            }
        };
    }

    static Fault redirect(String to) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(307, -1);
        };
    }

    private byte[] parts(String uid) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--b\r\nContent-Type: application/dicom\r\nContent-Length: 7\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII)); // a length that is not true
        body.writeBytes(objects.getOrDefault(uid, new byte[0]));
        body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            requests.add(path);
            logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String below = exchange.getRequestURI().getPath().replaceFirst("^/web", "");
            String series = "/studies/" + STUDY + "/series";
            byte[] sent = exchange.getRequestBody().readAllBytes();
            Fault fault = below.endsWith("/instances")
                    ? lists.poll()
                    : below.contains("/instances/") || below.equals("/studies") ? faults.poll() : null;
            if (fault != null) {
                fault.answer(exchange);
            } else if (below.equals(series) || below.equals("/series")) {
                list(
                        exchange,
                        List.of(SERIES),
                        uid -> "\"0020000E\":" + value("UI", uid) + ",\"0020000D\":" + value("UI", STUDY)
                                + ",\"00080060\":" + value("CS", "CT"));
            } else if (below.equals(series + "/" + SERIES + "/instances")) {
                list(exchange, List.copyOf(objects.keySet()), uid -> "\"00080018\":" + value("UI", uid));
            } else if (below.startsWith(series + "/" + SERIES + "/instances/")) {
                reply(exchange, 200, TYPE, parts(below.substring(below.lastIndexOf('/') + 1)));
            } else if (below.equals("/studies") && exchange.getRequestMethod().equals("POST")) {
                stored.add(new String(sent, StandardCharsets.ISO_8859_1));
                reply(exchange, 200, "application/dicom+json", "{}".getBytes(StandardCharsets.UTF_8));
            } else if (below.equals("/studies/9.9/series")) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                status(404, "{\"Message\":\"Unknown resource\"}").answer(exchange);
            }
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static String value(String vr, String value) {
        return "{\"vr\":\"" + vr + "\",\"Value\":[\"" + value + "\"]}";
    }

    private void list(HttpExchange exchange, List<String> uids, UnaryOperator<String> entry) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int offset =
                honoursOffset && query.contains("offset=") ? Integer.parseInt(query.replaceAll(".*offset=", "")) : 0;
        Iterator<String> found = uids.iterator();
        for (int i = 0; i < offset && found.hasNext(); i++) {
            found.next();
        }
        List<String> shown = new ArrayList<>();
        while (found.hasNext() && shown.size() < page) {
            shown.add("{" + entry.apply(found.next()) + "}");
        }
        String body = shown.stream().collect(Collectors.joining(",", "[", "]"));
        reply(exchange, 200, "application/dicom+json", body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
        pool.shutdownNow();
    }
}
