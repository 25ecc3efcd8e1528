"""The static edition: the page as files, for any server that hands out files.

Views, gallery and downloads lie at the addresses that the page asks of a server, a query being a file's name.
"""

from aedemo.page.static.export import Edition, export

__all__ = ["Edition", "export"]
