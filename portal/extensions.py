"""The extensions, made once without an application: objects only."""

from __future__ import annotations

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from htmx_flask import Htmx

from portal.models.base import Base
from portal.store.gateway import ScopedSession
from portal.tokens import MaskedCSRF

db = SQLAlchemy(model_class=Base, session_options={"class_": ScopedSession})
migrate = Migrate()
login = LoginManager()
csrf = MaskedCSRF()
babel = Babel()
htmx = Htmx()
