"""The page kit: forms, fields, checks, refusals, lists and addresses, for the views and forms of every feature."""

from schakel.pages.addresses import here as here
from schakel.pages.addresses import number_of as number_of
from schakel.pages.attempts import attempt as attempt
from schakel.pages.attempts import attempt_on as attempt_on
from schakel.pages.attempts import show_form as show_form
from schakel.pages.checks import MayBeEmpty as MayBeEmpty
from schakel.pages.checks import clean as clean
from schakel.pages.checks import mailable as mailable
from schakel.pages.checks import not_far as not_far
from schakel.pages.checks import one_line as one_line
from schakel.pages.cursors import cursor_of as cursor_of
from schakel.pages.fields import Choices as Choices
from schakel.pages.fields import FieldList as FieldList
from schakel.pages.fields import date as date
from schakel.pages.fields import email as email
from schakel.pages.fields import long_text as long_text
from schakel.pages.fields import nonce as nonce
from schakel.pages.fields import number as number
from schakel.pages.fields import text as text
from schakel.pages.fields import version as version
from schakel.pages.fields import version_data as version_data
from schakel.pages.fields import version_of as version_of
from schakel.pages.files import table_file as table_file
from schakel.pages.forms import Form as Form
from schakel.pages.forms import Part as Part
from schakel.pages.forms import VerbForm as VerbForm
from schakel.pages.lists import Filter as Filter
from schakel.pages.lists import ListPage as ListPage
from schakel.pages.visitor import actor as actor
from schakel.pages.visitor import counted_now as counted_now
from schakel.pages.visitor import wants_json as wants_json

first_shown = version_data  # the name that views not converted yet use
