package paseo.evaluation.report;

/** Pieces of a page; text is escaped. */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Markup as it is. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** An element that holds text only. */
    Html element(String openingTag, String text) {
        int space = openingTag.indexOf(' ');
        String name = space < 0 ? openingTag : openingTag.substring(0, space);
        page.append('<').append(openingTag).append('>').append(escape(text));
        page.append("</").append(name).append('>');
        return this;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
