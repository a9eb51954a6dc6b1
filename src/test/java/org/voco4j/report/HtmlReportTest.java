package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HtmlReportTest {
    private static final String NASTY = "<script src=\"https://x\" onload='y'>&amp;";
    private static final String ESCAPED = "&lt;script src=&quot;https://x&quot; onload=&#39;y&#39;&gt;&amp;amp;";

    private static final Picture DOT = Picture.paint(7, 5, g -> {
        g.setColor(Color.RED);
        g.fillRect(2, 2, 3, 1);
    });

    @TempDir
    private Path folder = Path.of("");

    @Test
    void everyTextIsEscaped() {
        String html = everything(NASTY).html();
        assertThat(html).doesNotContain("<script").doesNotContain("onload='");
        // title (twice), subtitle, verdict 2, key number 3, heading, paragraph, table 3, figure 2, footnote
        assertThat(html.split(Pattern.quote(ESCAPED), -1)).hasSize(1 + 16);
    }

    @Test
    void charactersThatHtmlForbidsAreReplaced() {
        String html = new HtmlReport("a\u0000b\u0007c\uD800d", "one\r\ntwo").html();
        assertThat(html).contains("<h1>a\uFFFDb\uFFFDc\uFFFDd</h1>").contains("one\ntwo");
    }

    @Test
    void thePageNeedsNothingElse() {
        String html = everything("plain").html();
        assertThat(html).doesNotContainIgnoringCase("http:").doesNotContainIgnoringCase("https:");
        assertThat(html)
                .doesNotContain("<script")
                .doesNotContain("<link")
                .doesNotContain("@import")
                .doesNotContain("url(");
        assertThat(html).contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'");
        Matcher source = Pattern.compile("(src|href)=\"([^\"]{0,30})").matcher(html);
        int sources = 0;
        while (source.find()) {
            assertThat(source.group(2)).startsWith("data:image/png;base64,");
            sources++;
        }
        assertThat(sources).isEqualTo(1);
    }

    @Test
    void aFigureHoldsThePictureItself() {
        Matcher image = Pattern.compile(
                        "<img width=\"7\" height=\"5\" alt=\"plain\" src=\"data:image/png;base64,([^\"]+)\"")
                .matcher(everything("plain").html());
        assertThat(image.find()).isTrue();
        assertThat(Base64.getDecoder().decode(image.group(1))).isEqualTo(DOT.png());
    }

    @Test
    void numbersAreMarkedForTheRight() {
        String html = new HtmlReport("t", "")
                .table(new TextTable("organ", "Dice").row("liver", "0.95").row("spleen", "–"), "")
                .html();
        assertThat(html).contains("<th scope=\"col\">organ</th><th scope=\"col\" class=\"n\">Dice</th>");
        assertThat(html).contains("<td>liver</td><td class=\"n\">0.95</td>");
        assertThat(html).doesNotContain("<caption>");
    }

    @Test
    void everyElementIsClosedInOrder() {
        Deque<String> open = new ArrayDeque<>();
        Set<String> lone = Set.of("meta", "img", "br");
        Matcher tag = Pattern.compile("<(/?)([a-z][a-z0-9]*)[^>]*>")
                .matcher(everything("plain\nline").html());
        while (tag.find()) {
            if (tag.group(1).isEmpty() && !lone.contains(tag.group(2))) {
                open.push(tag.group(2));
            } else if (!tag.group(1).isEmpty()) {
                assertThat(tag.group(2)).isEqualTo(open.pop());
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void itFollowsTheSchemePrintsAndSaysWhatItIsNot() {
        String html = new HtmlReport("t", "").html();
        assertThat(html).contains("prefers-color-scheme: dark").contains("@media print");
        assertThat(html).contains("not a medical device");
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("report.html");
        Files.writeString(file, "old");
        HtmlReport report = everything("größer");
        report.write(file);
        assertThat(file).hasContent(report.html());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private static HtmlReport everything(String text) {
        return new HtmlReport(text, text)
                .verdict(HtmlReport.Verdict.WARN, text, text)
                .keyNumbers(new HtmlReport.KeyNumber(text, text, text))
                .section(text)
                .paragraph(text)
                .table(new TextTable(text).row(text), text)
                .figure(DOT, text, text)
                .section("last")
                .footnote(text);
    }
}
