-- Run once, when the volume is new: the application's own role, which owns its database and nothing else.
\getenv password POSTGRES_PASSWORD
CREATE ROLE incidentops LOGIN PASSWORD :'password';
CREATE DATABASE incidentops OWNER incidentops;
