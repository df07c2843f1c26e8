"""Type into a check-in the way people do, through LibreOffice itself, and let it save each file.

Run once, by hand, with the Python that LibreOffice comes with:

    python -m tests.files.build_docx check-in.docx
    soffice --headless --accept="pipe,name=fixtures;urp" &
    python3 tests/files/libreoffice_docx.py check-in.docx tests/files/docx

The files are committed as LibreOffice saved them; a later version may save others.
"""

import sys
from pathlib import Path

import uno
from com.sun.star.awt import Size
from com.sun.star.awt.FontSlant import ITALIC
from com.sun.star.awt.FontWeight import BOLD
from com.sun.star.beans import PropertyValue
from com.sun.star.text.ControlCharacter import HARD_HYPHEN, HARD_SPACE, LINE_BREAK, PARAGRAPH_BREAK, SOFT_HYPHEN
from com.sun.star.text.TextContentAnchorType import AT_PARAGRAPH

WORD = "MS Word 2007 XML"


def value(name, content):
    return PropertyValue(Name=name, Value=content)


class Typing:
    """One document open in LibreOffice."""

    def __init__(self, desktop, path):
        self.file = desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, (value("Hidden", True),))
        self.text = self.file.Text
        self.desktop = desktop

    def save(self, path, filter=WORD):
        self.file.storeToURL(path.resolve().as_uri(), (value("FilterName", filter),))

    def paragraphs(self):
        found, each = [], self.text.createEnumeration()
        while each.hasMoreElements():
            found.append(each.nextElement())
        return found

    def at(self, words):
        """The paragraph that begins with *words*."""
        return next(
            p for p in self.paragraphs() if p.supportsService("com.sun.star.text.Paragraph") and p.String.startswith(words)
        )

    def below(self, words):
        """A cursor in a new paragraph of body text below the one that begins with *words*."""
        cursor = self.text.createTextCursorByRange(self.at(words).End)
        self.text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
        cursor.ParaStyleName = "Standard"
        return cursor

    def type(self, cursor, words, **look):
        start = cursor.Start
        self.text.insertString(cursor, words, False)
        typed = self.text.createTextCursorByRange(start)
        typed.gotoRange(cursor, True)
        typed.setAllPropertiesToDefault()
        for name, content in look.items():
            typed.setPropertyValue(name, content)

    def make(self, service):
        return self.file.createInstance("com.sun.star.text." + service)

    def dispatch(self, command, *arguments):
        helper = self.desktop.ctx.ServiceManager.createInstance("com.sun.star.frame.DispatchHelper")
        helper.executeDispatch(self.file.CurrentController.Frame, ".uno:" + command, "", 0, arguments)

    def select(self, first, last):
        """Select whole paragraphs, the break behind the last one included."""
        view = self.file.CurrentController.ViewCursor
        view.gotoRange(self.at(first).Start, False)
        view.gotoRange(self.at(last).End, True)
        view.goRight(1, True)


WINS, BLOCKERS, GROWTH, NOTES = "What went well", "What slows you", "What did you learn", "Anything else"


def retitled_headings(doc):
    doc.at("Wins").setString("Our successes")
    heading = doc.text.createTextCursorByRange(doc.at("Blockers").Start)
    doc.type(heading, "Our ")
    doc.type(doc.below(WINS), "we won a customer")
    doc.type(doc.below(BLOCKERS), "the build is slow")


def tracked_changes(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "We shipped the guide late")
    doc.file.RecordChanges = True
    cursor.goLeft(4, True)
    cursor.setString("on time")
    doc.type(doc.text.createTextCursorByRange(doc.at("Growth").End), " and learning")
    doc.type(doc.below(BLOCKERS), "A whole new line, tracked")


def comments(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "We won a customer")
    for author, words in (("Jonas Okafor", "Well done, and thank Mia"), ("Ada Brandt", "I did")):
        note = doc.make("textfield.Annotation")
        note.Author, note.Content = author, words
        doc.text.insertTextContent(cursor, note, False)


def pasted_table(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "Numbers of the month")
    table = doc.make("TextTable")
    table.initialize(3, 2)
    doc.text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
    doc.text.insertTextContent(cursor, table, False)
    for name, words in (
        ("A1", "Customer"),
        ("B1", "Deals"),
        ("A2", "North | South"),
        ("B2", "12*3"),
        ("A3", "West"),
        ("B3", "7"),
    ):
        table.getCellByName(name).setString(words)
    doc.type(doc.below(BLOCKERS), "below")


def lists(doc):
    cursor = doc.below(WINS)
    for words, style, level in (
        ("Customers", "List 1", 0), ("North", "List 1", 1), ("West", "List 1", 1), ("Deep", "List 1", 2), ("Team", "List 1", 0),
        ("First", "Numbering 123", 0), ("Inside", "Numbering 123", 1), ("Second", "Numbering 123", 0),
    ):  # fmt: skip
        doc.type(cursor, words)
        cursor.NumberingStyleName, cursor.NumberingLevel = style, level
        doc.text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
    cursor.NumberingStyleName = ""
    doc.type(cursor, "After the lists")
    after = doc.below(BLOCKERS)
    doc.type(after, "List style")
    after.ParaStyleName = "List Bullet" if doc.file.StyleFamilies.ParagraphStyles.hasByName("List Bullet") else "List 1"


def bold_italic_links(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "We ")
    doc.type(cursor, "shipped ", CharWeight=BOLD)
    doc.type(cursor, "it, ")
    doc.type(cursor, "really", CharPosture=ITALIC)
    doc.type(cursor, ", see ")
    doc.type(cursor, "the wiki", HyperLinkURL="https://wiki.example.com/guide")
    doc.type(cursor, " and https://example.com, 2*3*4")
    doc.type(doc.below(BLOCKERS), "All of it is bold", CharWeight=BOLD)
    strong = doc.below(GROWTH)
    doc.type(strong, "A word ")
    doc.type(strong, "of weight", CharStyleName="Strong Emphasis")


def text_boxes(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "Before the box")
    frame = doc.make("TextFrame")
    frame.Size, frame.AnchorType = Size(6000, 1500), AT_PARAGRAPH
    doc.text.insertTextContent(cursor, frame, False)
    frame.Text.setString("In a frame")
    shape = doc.file.createInstance("com.sun.star.drawing.RectangleShape")
    shape.Size, shape.AnchorType = Size(6000, 1500), AT_PARAGRAPH
    doc.text.insertTextContent(doc.below(BLOCKERS), shape, False)
    shape.TextBox = True
    shape.setString("In a shape")


def notes_and_margins(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "We won")
    for service, words in (("Footnote", "see the wiki"), ("Endnote", "see the report")):
        note = doc.make(service)
        doc.text.insertTextContent(cursor, note, False)
        note.setString(words)
    page = doc.file.StyleFamilies.PageStyles.getByName(doc.at("Agenda").PageStyleName)
    page.HeaderIsOn = True
    page.HeaderIsShared = page.FirstIsShared = False
    page.HeaderText.setString("Confidential")
    page.HeaderTextLeft.setString("Confidential")
    page.HeaderTextFirst.setString("Ada, on her own")
    page.FooterText.setString("Draft 2")


def moved_section(doc):
    doc.type(doc.below(WINS), "We won a customer")
    doc.select("Wins", "We won a customer")
    doc.dispatch("Cut")
    view = doc.file.CurrentController.ViewCursor
    view.gotoEnd(False)
    doc.text.insertControlCharacter(view, PARAGRAPH_BREAK, False)
    doc.dispatch("Paste")


def copied_section(doc):
    doc.type(doc.below(WINS), "Said once")
    doc.select("Wins", "Said once")
    doc.dispatch("Copy")
    doc.file.CurrentController.ViewCursor.gotoEnd(False)
    doc.dispatch("InsertPara")
    doc.dispatch("Paste")
    doc.type(doc.text.createTextCursorByRange(doc.text.End), "Said under the copy")


def demoted_headings(doc):
    doc.at("Wins").ParaStyleName = "Standard"
    doc.at("Blockers").ParaStyleName = "Heading 2"
    doc.type(doc.below(WINS), "we won")
    doc.type(doc.below(BLOCKERS), "a wall")


def deleted_heading(doc):
    doc.type(doc.below(WINS), "we won")
    heading = doc.at("Wins")
    cursor = doc.text.createTextCursorByRange(heading.Start)
    cursor.gotoRange(heading.End, True)
    cursor.goRight(1, True)
    cursor.setString("")


def merged_heading(doc):
    doc.type(doc.below(WINS), "the last win")
    doc.type(doc.below(BLOCKERS), "a wall")
    cursor = doc.text.createTextCursorByRange(doc.at("Blockers").Start)
    cursor.goLeft(1, True)
    cursor.setString(" ")


def unknown_heading(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "Side project")
    cursor.ParaStyleName = "Heading 1"
    doc.text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
    cursor.ParaStyleName = "Standard"
    doc.type(cursor, "a robot")


def signs_and_scripts(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "one")
    for sign, words in ((HARD_SPACE, "space"), (SOFT_HYPHEN, "soft"), (HARD_HYPHEN, "hard"), (LINE_BREAK, "line\ttab")):
        doc.text.insertControlCharacter(cursor, sign, False)
        doc.type(cursor, words)
    other = doc.below(BLOCKERS)
    doc.type(other, "שלום עולם 🎉 漢字 𝔘 é")
    hidden = doc.below(GROWTH)
    doc.type(hidden, "seen ")
    doc.type(hidden, "and hidden", CharHidden=True)
    ruby = doc.below(NOTES)
    doc.type(ruby, "漢字", RubyText="かんじ", RubyAdjust=0)
    doc.type(ruby, " again")


def fields_and_controls(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "By ")
    author = doc.make("textfield.Author")
    author.Content, author.IsFixed = "Ada Brandt", True
    doc.text.insertTextContent(cursor, author, False)
    doc.type(cursor, ", choose ")
    control = doc.file.createInstance("com.sun.star.text.ContentControl")
    inside = doc.text.createTextCursorByRange(cursor)
    doc.text.insertString(inside, "inside a control", True)
    doc.text.insertTextContent(inside, control, True)


def embedded_sheet(doc):
    cursor = doc.below(WINS)
    doc.type(cursor, "A sheet: ")
    sheet = doc.make("TextEmbeddedObject")
    sheet.CLSID = "47BBB4CB-CE4C-4E80-a591-42d9ae74950f"
    doc.text.insertTextContent(cursor, sheet, False)


def much_of_it(doc):
    """What the detours through other formats take with them."""
    bold_italic_links(doc)
    cursor = doc.below(NOTES)
    doc.type(cursor, "A note")
    note = doc.make("textfield.Annotation")
    note.Author, note.Content = "Jonas Okafor", "Well done"
    doc.text.insertTextContent(cursor, note, False)
    foot = doc.make("Footnote")
    doc.text.insertTextContent(cursor, foot, False)
    foot.setString("below the line")


PLAIN = (
    retitled_headings, tracked_changes, comments, pasted_table, lists, bold_italic_links, text_boxes, notes_and_margins,
    moved_section, copied_section, demoted_headings, deleted_heading, merged_heading, unknown_heading, signs_and_scripts,
    fields_and_controls, embedded_sheet,
)  # fmt: skip
DETOURS = {"odt": "writer8", "doc": "MS Word 97", "rtf": "Rich Text Format", "fodt": "OpenDocument Text Flat XML"}


def main(source, folder):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    remote = resolver.resolve("uno:pipe,name=fixtures;urp;StarOffice.ComponentContext")
    desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    desktop_with_context = type("Desktop", (), {"ctx": remote, "loadComponentFromURL": desktop.loadComponentFromURL})()
    for edit in PLAIN:
        doc = Typing(desktop_with_context, source)
        edit(doc)
        doc.save(folder / f"lo-{edit.__name__.replace('_', '-')}.docx")
        doc.file.close(True)
    for ending, filter in DETOURS.items():
        detour = folder / f"lo-through-{ending}.{ending}"
        doc = Typing(desktop_with_context, source)
        much_of_it(doc)
        doc.save(detour, filter)
        doc.file.close(True)
        doc = Typing(desktop_with_context, detour)
        doc.save(detour.with_suffix(".docx"))
        doc.file.close(True)
        detour.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
