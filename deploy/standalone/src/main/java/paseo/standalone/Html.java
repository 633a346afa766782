package paseo.standalone;

import java.util.Base64;

/** Pieces of a page: text is escaped, pictures are part of the page. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Markup as it is. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** Text, in an element or in a quoted attribute. */
    Html text(String text) {
        page.append(escape(text));
        return this;
    }

    /** An element that holds text only. */
    Html element(String openingTag, String text) {
        String name = openingTag.contains(" ") ? openingTag.substring(0, openingTag.indexOf(' ')) : openingTag;
        page.append('<').append(openingTag).append('>').append(escape(text));
        page.append("</").append(name).append('>');
        return this;
    }

    /** A JPEG that needs no file beside the page. */
    Html jpeg(byte[] jpeg, String description) {
        page.append("<img alt=\"")
                .append(escape(description))
                .append("\" title=\"")
                .append(escape(description));
        page.append("\" src=\"data:image/jpeg;base64,")
                .append(Base64.getEncoder().encodeToString(jpeg))
                .append("\">");
        return this;
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
