package org.voco4j.program.archive;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.voco4j.recipe.UsageException;

/**
 * Who asks an archive: a bearer token (RFC 6750), a name with a password (basic, RFC 7617), or nobody.
 *
 * <p>It comes from the environment, where other users of the machine do not see it, and no sentence ever shows it.
 */
final class ArchiveLogin {
    private static final String TOKEN = "VOCO_DICOMWEB_TOKEN";
    private static final String USER = "VOCO_DICOMWEB_USER";
    private static final String PASSWORD = "VOCO_DICOMWEB_PASSWORD";

    /** What to say to somebody whom the archive does not know. */
    static final String ADVICE = TOKEN + ", or " + USER + " and " + PASSWORD + ", in the environment say who asks";

    private final @Nullable String header;
    private final List<String> secrets;

    private ArchiveLogin(@Nullable String header, List<String> secrets) {
        this.header = header;
        this.secrets = secrets;
    }

    /**
     * The login that the environment names.
     *
     * @throws UsageException if it names two, or one that cannot be sent; without its value
     */
    static ArchiveLogin of(Map<String, String> environment) {
        String token = environment.getOrDefault(TOKEN, "").strip();
        String user = environment.getOrDefault(USER, "");
        String password = environment.getOrDefault(PASSWORD, "");
        if (!token.isEmpty()) {
            if (!user.isEmpty() || !password.isEmpty()) {
                throw new UsageException(TOKEN + " and " + USER + " are both set; the archive takes one login");
            }
            if (!token.matches("[!-~]+")) {
                throw new UsageException(TOKEN + " holds characters that no token has");
            }
            return new ArchiveLogin("Bearer " + token, List.of(token));
        }
        if (user.isEmpty() != password.isEmpty()) {
            throw new UsageException(USER + " and " + PASSWORD + " belong together, and one of them is not set");
        }
        if (user.isEmpty()) {
            return new ArchiveLogin(null, List.of());
        }
        if (user.indexOf(':') >= 0) {
            throw new UsageException(USER + " holds a colon, which a name of this kind of login cannot have");
        }
        String both = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return new ArchiveLogin("Basic " + both, List.of(both, password));
    }

    /** The value of the header {@code Authorization}; null for nobody. */
    @Nullable
    String header() {
        return header;
    }

    /** A text of the archive's without what it may have repeated of the login. */
    String hidden(String text) {
        return Stream.concat(Stream.of(text), secrets.stream())
                .reduce((said, secret) -> said.replace(secret, "…"))
                .orElse(text);
    }
}
