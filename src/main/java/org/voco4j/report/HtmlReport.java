package org.voco4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.voco4j.file.AtomicFile;

/**
 * A report in one HTML file that needs nothing else: style and pictures are inside, there are no scripts and nothing is
 * fetched (the page's own content policy forbids it). It follows the reader's light or dark scheme and prints well.
 *
 * <p>Content appears in the order of the calls. All text is escaped.
 */
public final class HtmlReport {
    private static final String NO_DEVICE = "Research software, not a medical device: not for diagnosis or treatment.";

    private final String title;
    private final String subtitle;
    private final StringBuilder body = new StringBuilder();
    private final List<String> footnotes = new ArrayList<>();
    private boolean inSection;

    /** How a run turned out. */
    public enum Verdict {
        GOOD("✓"),
        WARN("!"),
        BAD("✕");

        private final String sign;

        Verdict(String sign) {
            this.sign = sign;
        }
    }

    /**
     * One number of the strip.
     *
     * @param value the number as text, with its unit
     * @param label what it is
     * @param note how to read it, or empty
     */
    public record KeyNumber(String value, String label, String note) {}

    /** An empty report; the subtitle may be empty. */
    public HtmlReport(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    /** Starts a section. */
    public HtmlReport section(String heading) {
        body.append(inSection ? "</section>\n" : "").append("<section>\n<h2>").append(escape(heading));
        body.append("</h2>\n");
        inSection = true;
        return this;
    }

    /** Adds a paragraph; a line break in the text is one on the page. */
    public HtmlReport paragraph(String text) {
        body.append("<p>").append(escape(text).replace("\n", "<br>")).append("</p>\n");
        return this;
    }

    /** Adds a box that says how the run turned out: a short judgement and its reason. */
    public HtmlReport verdict(Verdict verdict, String judgement, String reason) {
        body.append("<div class=\"verdict ")
                .append(verdict.name().toLowerCase(Locale.ROOT))
                .append("\">");
        body.append("<span class=\"sign\" aria-hidden=\"true\">")
                .append(verdict.sign)
                .append("</span><div><strong>");
        body.append(escape(judgement))
                .append("</strong><p>")
                .append(escape(reason))
                .append("</p></div></div>\n");
        return this;
    }

    /** Adds a strip of the numbers that matter most. */
    public HtmlReport keyNumbers(KeyNumber... numbers) {
        body.append("<dl class=\"numbers\">\n");
        for (KeyNumber number : numbers) {
            body.append("<div><dt>").append(escape(number.label())).append("</dt><dd>");
            body.append(escape(number.value()));
            if (!number.note().isEmpty()) {
                body.append("<small>").append(escape(number.note())).append("</small>");
            }
            body.append("</dd></div>\n");
        }
        body.append("</dl>\n");
        return this;
    }

    /** Adds a table, columns of numbers to the right; the caption may be empty. */
    public HtmlReport table(TextTable table, String caption) {
        body.append("<div class=\"table\"><table>\n");
        if (!caption.isEmpty()) {
            body.append("<caption>").append(escape(caption)).append("</caption>\n");
        }
        body.append("<thead>");
        row(table, table.header(), "th scope=\"col\"", "th");
        body.append("</thead>\n<tbody>\n");
        for (List<String> cells : table.rows()) {
            row(table, cells, "td", "td");
        }
        body.append("</tbody></table></div>\n");
        return this;
    }

    private void row(TextTable table, List<String> cells, String open, String close) {
        body.append("<tr>");
        for (int c = 0; c < cells.size(); c++) {
            body.append('<').append(open).append(table.isNumeric(c) ? " class=\"n\">" : ">");
            body.append(escape(cells.get(c))).append("</").append(close).append('>');
        }
        body.append("</tr>\n");
    }

    /**
     * Adds a picture.
     *
     * @param alternative what the picture shows, for those who cannot see it
     * @param caption what to read from it, or empty
     */
    public HtmlReport figure(Picture picture, String alternative, String caption) {
        body.append("<figure><img width=\"").append(picture.width());
        body.append("\" height=\"").append(picture.height());
        body.append("\" alt=\"").append(escape(alternative)).append("\" src=\"data:image/png;base64,");
        body.append(Base64.getEncoder().encodeToString(picture.png())).append("\">");
        if (!caption.isEmpty()) {
            body.append("<figcaption>").append(escape(caption)).append("</figcaption>");
        }
        body.append("</figure>\n");
        return this;
    }

    /**
     * Adds a drawing.
     *
     * @param alternative what it shows, for those who cannot see it
     * @param caption what to read from it, or empty
     */
    public HtmlReport figure(Svg drawing, String alternative, String caption) {
        body.append("<figure><div role=\"img\" aria-label=\"")
                .append(escape(alternative))
                .append("\">\n");
        body.append(drawing).append("</div>");
        if (!caption.isEmpty()) {
            body.append("<figcaption>").append(escape(caption)).append("</figcaption>");
        }
        body.append("</figure>\n");
        return this;
    }

    /** Adds a line at the end of the page: versions, machine, date. */
    public HtmlReport footnote(String text) {
        footnotes.add(text);
        return this;
    }

    /** The whole page. */
    public String html() {
        StringBuilder page = new StringBuilder(body.length() + 8192);
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append("<meta http-equiv=\"Content-Security-Policy\" ");
        page.append("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n");
        page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.append("<title>").append(escape(title)).append("</title>\n");
        page.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        page.append("<header>\n<h1>").append(escape(title)).append("</h1>\n");
        if (!subtitle.isEmpty()) {
            page.append("<p class=\"subtitle\">").append(escape(subtitle)).append("</p>\n");
        }
        page.append("</header>\n")
                .append(body)
                .append(inSection ? "</section>\n" : "")
                .append("<footer>\n");
        for (String footnote : footnotes) {
            page.append("<p>").append(escape(footnote)).append("</p>\n");
        }
        page.append("<p>").append(NO_DEVICE).append("</p>\n</footer>\n</main>\n</body>\n</html>\n");
        return page.toString();
    }

    /**
     * Writes the page; whoever reads the place meanwhile sees the old page or the new one.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, html());
    }

    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing beside " + HtmlReport.class.getName());
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css cannot be read", e);
        }
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\r' -> {}
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    /** Control characters and lone surrogates are not allowed in HTML text. */
    private static boolean isAllowed(int c) {
        return c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7F) || (c > 0x9F && (c < 0xD800 || c > 0xDFFF));
    }
}
